import Messages
import Throttle

/// A call that holds a permit.
struct RunningCall: Sendable {
    let route: Route
    let permit: Permit
    let place: CallPlace
    /// It was asked back; what it ends with does not count.
    var isCancelled = false
}
