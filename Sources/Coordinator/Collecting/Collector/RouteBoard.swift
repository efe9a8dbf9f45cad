import Messages

/// What every owner needs to know of routes and workers to work out its credit; the service hands a new one over
/// whenever it changes.
package struct RouteBoard: Sendable, Equatable {
    /// By route: cells that its live workers can have in hand together: calls under way, and where these are short,
    /// those on their way there and back.
    var shares: [String: Int] = [:]
    /// By route: the highest cap of the active jobs.
    var caps: [String: Int] = [:]
    /// Routes whose cap is an operator's, which replaces those of workflows.
    var operatorCaps: Set<String> = []
    /// By route: the sum of (priority + 1) over the active jobs that use it.
    var weights: [String: Int] = [:]
    /// By route: how long its calls take.
    var meanCalls: [String: Duration] = [:]
    /// By route: why no worker takes its cells, in a worker's words.
    var blocked: [String: String] = [:]
    /// By route: the kind of failure with which all of its workers' endpoints answer.
    var failures: [String: String] = [:]
    /// Providers that a live worker serves, sorted.
    var providers: [String] = []
    /// Routes that a live worker knows as its own.
    var served: Set<String> = []
    /// Tools that no live worker has, with the workers there are.
    var lackingTools: [String: [String]] = [:]
}

extension RouteBoard {
    /// The job's own bound on its cells out on a route; nil where the route's limit is enough: it is the job's cap that
    /// bounds the route, or an operator's.
    ///
    /// - Parameter uses: of the job, with its caps as they are now.
    func bound(of uses: [JobBlueprint.RouteUse], on route: String) -> Int? {
        guard let own = uses.first(where: { $0.route.key == route }) else { return nil }
        if operatorCaps.contains(route), !own.isExplicit { return nil }
        let isNarrower = own.maximumParallel < caps[route] ?? 0 || operatorCaps.contains(route)
        return isNarrower ? own.maximumParallel * own.batchSize : nil
    }
}
