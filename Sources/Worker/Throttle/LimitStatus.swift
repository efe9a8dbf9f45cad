/// How a limit stands, for logs, metrics and people.
package struct LimitStatus: Hashable, Sendable {
    package var limit: Int
    /// The highest level that is not known to be refused; nil where none is known.
    package var ceiling: Int?
    /// The law's state; nil for a limit without a law.
    package var state: ClusterLimit.State?
    package var epoch = 0
    /// What moved the limit last.
    package var movedBy = ""
    /// Calls that this worker was refused.
    package var refused = 0
    /// This worker decides about the limit.
    package var isLeading = false
    /// The limit may soon be twice as high.
    package var isRising = false

    package init(limit: Int) { self.limit = limit }
}
