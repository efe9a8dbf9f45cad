/// How a limit moves. The first seven are Data Designer's run settings `throttle`, with its defaults; a job's run
/// settings give these and the next three.
package struct LimitSettings: Hashable, Sendable {
    /// What the limit never exceeds.
    package var cap = 128
    /// What is left of the limit when capacity fell.
    package var reduceFactor = 0.75
    /// Least slots added per step of a climb.
    package var additiveIncrease = 1
    /// Most successes that a step of a climb takes (half a round if that is fewer).
    package var successWindow = 25
    /// Longest pause of our own choosing while the breaker is closed, in seconds.
    package var cooldownSeconds = 2.0
    /// A climb's step as a fraction of the gap to the refused level.
    package var ceilingOvershoot = 0.10
    /// 0: the limit doubles per clean round from `start`; else it rises evenly from 1 to the cap in so many seconds.
    package var rampupSeconds = 0.0

    /// Nothing but refusals for so many seconds opens the breaker.
    package var breakerSeconds = 30.0
    package var start = 4
    /// Most calls that wait at an endpoint which queues them; nil: a quarter of the limit, 4 at least.
    package var queueTarget: Int?
    /// Successes between two probes, so that failed ones are 0.8 % of the calls at most.
    package var probeRequests = 125
    /// Seconds between two probes at least, and at most (or eight calls, if that is longer).
    package var probeLeast = 1.0
    package var probeMost = 10.0
    /// A level is judged after so many seconds: a refusal needs two messages to be known.
    package var settle = 0.1
    /// The same where one worker has the whole limit: it hears of its refusals without a message.
    package var settleAlone = 0.0
    /// Seconds between two calls while the breaker is open: doubling from the first to the second.
    package var openLeast = 2.0
    package var openMost = 8.0
    /// A longer Retry-After is not believed, in seconds.
    package var retryMost = 600.0
    /// Probes cost at most one part in so many of the time where refusals carry Retry-After.
    package var retryShare = 60.0

    package init(cap: Int = 128) { self.cap = max(1, cap) }
}
