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
    /// The highest cap of the active jobs.
    var workflowCap: Int

    var line = CellLine()
    var window = ConsumerWindow()
    var heldDeliveries = 0
    var inFlight = 0
    var meanCells = MovingMean()
    var meanBytes = MovingMean()

    var cap: Int { max(1, operatorCap ?? workflowCap) }
    var breakerScopes: [BreakerScope] { [.endpoint(endpoint), .route(route)] }
}
