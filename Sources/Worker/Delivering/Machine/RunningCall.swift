import Messages
import Throttle

/// A call that holds a permit.
struct RunningCall: Sendable {
    let route: Route
    /// Nil: another cell of its batch holds it.
    let permit: Permit?
    var place = CallPlace.worker
    /// It was asked back; what it ends with does not count.
    var isCancelled = false
}
