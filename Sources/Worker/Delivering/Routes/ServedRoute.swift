import Messages

/// A route this worker serves, with what it learned about it.
struct ServedRoute: Sendable {
    let route: Route
    /// The endpoint's name, which its breaker goes by.
    let endpoint: String
    /// What is throttled: endpoint, credential, model, domain.
    let limitKey: String
    /// The operator's cap from providers.yaml, which replaces the workflows'.
    let operatorCap: Int?
    /// The breakers that bear on it.
    let breakerScopes: [BreakerScope]
    /// The highest cap of the active jobs.
    var workflowCap: Int
    /// How the active jobs want its limit to move.
    var limits = WireLimitParameters.defaults

    var lines = RouteLines()
    var window = ConsumerWindow()
    var heldDeliveries = 0
    var inFlight = 0
    /// Cells of one call at most, of the columns known so far.
    var batchSize = 1
    /// How often the broker ended the consumer, which it does when the queue is gone.
    var queueLosses = 0
    /// Answers in a row that did not name it among those that jobs use.
    var absences = 0
    var meanCells = MovingMean()
    var meanBytes = MovingMean()

    init(route: Route, endpoint: String, limitKey: String, operatorCap: Int?, workflowCap: Int) {
        self.route = route
        self.endpoint = endpoint
        self.limitKey = limitKey
        self.operatorCap = operatorCap
        self.workflowCap = workflowCap
        breakerScopes = [.endpoint(endpoint), .route(route)]
    }

    /// Nothing of it is here.
    var isIdle: Bool { heldDeliveries == 0 && inFlight == 0 && lines.isEmpty }

    var cap: Int { max(1, operatorCap ?? workflowCap) }

    /// A delivery is held from now on; the subscription it came under.
    mutating func take(cells: Int, bytes: Int) -> Int {
        meanCells.add(Double(cells))
        meanBytes.add(Double(bytes))
        heldDeliveries += 1
        return window.subscription
    }

    /// A delivery that came under `subscription` is held no more.
    mutating func release(_ subscription: Int) {
        heldDeliveries -= 1
        window.release(subscription)
    }
}
