/// What every owner needs to know of routes and workers to work out its credit; the service hands a new one over
/// whenever it changes.
package struct RouteBoard: Sendable, Equatable {
    /// By route: calls that its live workers may have under way together.
    var shares: [String: Int] = [:]
    /// By route: the sum of (priority + 1) over the active jobs that use it.
    var weights: [String: Int] = [:]
    /// By route: how long its calls take.
    var meanCalls: [String: Duration] = [:]
    /// By route: why no worker takes its cells, in a worker's words.
    var blocked: [String: String] = [:]
    /// Providers that a live worker serves, sorted.
    var providers: [String] = []
}
