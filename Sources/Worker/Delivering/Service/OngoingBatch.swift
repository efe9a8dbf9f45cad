import Checks
import HTTP

/// A batch's call while it is under way.
struct OngoingBatch {
    enum Work {
        case lint(LintRun)
        case http(HTTPRequestID)
    }

    let call: BatchCall
    let start: ContinuousClock.Instant
    var work: Work?
    /// Cells that were asked back; the call goes on for the others.
    var cancelled: Set<CellID> = []
}
