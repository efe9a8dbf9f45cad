/// One worker's part in the limit of one key (endpoint, credential, model, domain): it says when a call may start.
///
/// A value type without I/O: the owner gives it events with their times, asks it for permits, sends the messages it
/// leaves, and looks again at `nextChange`. `DividedCap` is the simple one: a fixed cap, divided evenly.
///
/// The owner's round: hand over events (`hear`, `finish`, `demand`, `tick`), start while `start` gives permits, then
/// send what `takeMessages` gives, then sleep until `nextChange` or the next event.
package protocol LimitController: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// What the cluster may have in flight under this key, as this worker knows it.
    var limit: Int { get }
    /// This worker's part of it; 0 while it may start nothing, whatever the reason but a pause. A worker with a share
    /// of 0 takes no deliveries.
    func share(_ now: Instant) -> Int
    /// Permits that were given and not yet given back.
    var inFlight: Int { get }
    /// How long a call takes on the average, recent ones first; nil before the first one was answered.
    var meanCall: Duration? { get }
    /// Until when nothing starts because the endpoint asked for it; nil without a pause, or when it is over.
    func pausedUntil(_ now: Instant) -> Instant?

    /// How the limit stands, for people.
    var status: LimitStatus { get }
    /// How often a reading of the endpoint's queue is of use here, now; nil: not at all.
    func queueInterval(_ now: Instant) -> Duration?

    /// The cap of the key changed. At least 1.
    ///
    /// - Parameter isOperators: it comes from an operator, and replaces those of workflows everywhere.
    mutating func setCap(_ cap: Int, isOperators: Bool, _ now: Instant)
    /// How the limit is to move from now on; the cap in it does not count.
    mutating func adopt(_ settings: LimitSettings, _ now: Instant)
    /// How many calls wait for a permit.
    mutating func demand(_ waiting: Int, _ now: Instant)
    /// From now on nothing starts here: the worker drains.
    mutating func drain(_ now: Instant)

    /// Whether `start` would give a permit.
    func canStart(_ now: Instant) -> Bool
    /// A permit for one call that starts now, or nil. Every permit must come back by `finish`.
    mutating func start(_ now: Instant) -> Permit?
    mutating func finish(_ permit: Permit, _ end: CallEnd, _ now: Instant)

    /// So many calls wait at the endpoint.
    mutating func queued(waiting: Int, _ now: Instant)
    /// A message about this key from any worker, this one included: each hears its own from the fanout exchange too.
    mutating func hear(_ message: LimitMessage, _ now: Instant)
    /// Lets time pass; to be called each 100 ms or more often, and at `nextChange`.
    mutating func tick(_ now: Instant)
    /// What is to be sent, once everything that may start has started. Taken once.
    mutating func takeMessages(_ now: Instant) -> [OutgoingLimitMessage]
    /// When `start` may give a permit by time alone; nil while only an event can change that.
    func nextChange(_ now: Instant) -> Instant?
}

extension LimitController {
    package var status: LimitStatus { LimitStatus(limit: limit) }
    package func queueInterval(_ now: Instant) -> Duration? { nil }
    package mutating func adopt(_ settings: LimitSettings, _ now: Instant) {}
    package mutating func queued(waiting: Int, _ now: Instant) {}
    package mutating func setCap(_ cap: Int, _ now: Instant) { setCap(cap, isOperators: false, now) }
}
