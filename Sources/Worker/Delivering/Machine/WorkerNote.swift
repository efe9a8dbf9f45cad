import Messages
import Throttle

/// What a worker says about itself: the facts of one line of its log.
enum WorkerNote: Hashable, Sendable {
    case routeOpened(Route, cap: Int)
    case breakerOpened(BreakerScope, reason: String)
    case breakerProbing(BreakerScope)
    case breakerClosed(BreakerScope)
    case limitMoved(limitKey: String, from: LimitStatus, to: LimitStatus)
    /// The endpoint asked to be left alone for so long, or longer: no more than that is believed.
    case longWait(limitKey: String, Duration)
    case paused(limitKey: String, Duration)
    case deadLetter(Route, reason: String)
    case unroutable(OutboxLane, text: String)
    case handedBack(Route, reason: String, count: Int)
    case draining
    case returningEverything
}
