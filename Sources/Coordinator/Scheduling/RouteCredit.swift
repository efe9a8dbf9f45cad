/// How many cells of each job may be out on a route.
package enum RouteCredit {
    /// The part of one job: (sum of the workers' shares x 1.5 + 64), divided over the active jobs by priority.
    ///
    /// Every owner computes it from the same shares and jobs, so the parts add up whoever owns the jobs. Without a
    /// live worker 64 cells are let out, so that a worker that joins finds work at once.
    ///
    /// - Parameters:
    ///   - shares: calls that the route's live workers may have under way together.
    ///   - weight: priority + 1 of this job.
    ///   - weights: the sum over the active jobs that use the route, this one included.
    ///   - cap: the job's own bound on cells out; nil: none.
    package static func cells(shares: Int, weight: Int, weights: Int, cap: Int? = nil) -> Int {
        let whole = shares + shares / 2 + 64
        let part = max(1, whole * max(1, weight) / max(1, weights))
        guard let cap else { return part }
        return min(part, max(1, cap))
    }
}
