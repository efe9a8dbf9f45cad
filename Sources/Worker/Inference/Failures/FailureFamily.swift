/// Whose fault a failure is, which decides what happens to the cell.
package enum FailureFamily: String, Hashable, Sendable, CaseIterable {
    /// The endpoint has no room now. The throttle's business: the cell waits, no attempt is charged.
    case limited
    /// The endpoint's or this worker's fault. The cell is handed back uncharged and the worker's breaker counts it.
    case endpoint
    /// This one call's fault, while others succeed. Charged, and tried again in a salvage round.
    case call
    /// The model's answer is not what was asked for. Corrections and restarts, then the record is dropped.
    case answer
    /// The request itself cannot succeed. The record is dropped at once.
    case request
}
