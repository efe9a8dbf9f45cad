/// The adaptive limit of one key over the whole cluster, as one worker's `LimitController`.
///
/// One worker leads: it moves the law by what all report and lends the limit out in shares, each good for 3 s. The
/// others obey. Who hears nobody for 2 s takes part in electing a leader; who has no lease starts nothing.
package struct ClusterMember: LimitController {
    private var member: KeyMember
    /// The protocol counts in seconds from here.
    private let origin: Instant

    package init(worker: String, settings: LimitSettings, _ now: Instant) {
        origin = now
        member = KeyMember(worker: worker, settings: settings, 0)
    }

    /// The law while this worker leads, as it stands; else as the last decision said it. Nil before the first one.
    package var law: ClusterLimit? { member.leader?.law ?? member.law }

    package var isLeading: Bool { member.leader != nil }

    package var limit: Int { member.leader?.law.limit ?? member.law?.limit ?? member.settings.cap }
    package var inFlight: Int { member.share.inFlight }

    package var meanCall: Duration? {
        member.share.callSeconds > 0 ? .seconds(member.share.callSeconds) : nil
    }

    package func share(_ now: Instant) -> Int {
        seconds(now) < member.share.leaseUntil ? member.share.share : 0
    }

    package func pausedUntil(_ now: Instant) -> Instant? {
        let until = member.share.pauseUntil
        return until > seconds(now) ? instant(until) : nil
    }

    package var status: LimitStatus {
        var status = LimitStatus(limit: limit)
        status.refused = member.share.refusedEver
        status.isLeading = isLeading
        guard let law else { return status }
        status.ceiling = law.ceiling
        status.state = law.state
        status.epoch = law.epoch
        status.movedBy = law.movedBy
        status.isRising = law.state == .search && law.wall == nil && law.limit < law.settings.cap
        return status
    }

    /// Only the leader's readings count, and only while there are calls to wait; sooner where a level is judged by it.
    package func queueInterval(_ now: Instant) -> Duration? {
        guard let leader = member.leader, leader.isAnyInFlight else { return nil }
        return leader.law.waitsForReading(seconds(now)) ? .milliseconds(100) : .seconds(1)
    }

    package mutating func setCap(_ cap: Int, isOperators: Bool, _ now: Instant) {
        member.setCap(cap, isOperators: isOperators, seconds(now))
    }

    package mutating func adopt(_ settings: LimitSettings, _ now: Instant) {
        member.adopt(settings, seconds(now))
    }

    package mutating func demand(_ waiting: Int, _ now: Instant) {
        member.demand(isDraining ? 0 : max(0, waiting), seconds(now))
    }

    package mutating func drain(_ now: Instant) {
        isDraining = true
        member.demand(0, seconds(now))
    }

    private var isDraining = false

    package func canStart(_ now: Instant) -> Bool {
        let now = seconds(now)
        return now >= member.share.mayStartAt && now < member.share.leaseUntil
    }

    package mutating func start(_ now: Instant) -> Permit? {
        guard let epoch = member.admit(seconds(now)) else { return nil }
        return Permit(epoch: epoch, startedAt: now)
    }

    package mutating func finish(_ permit: Permit, _ end: CallEnd, _ now: Instant) {
        let took = permit.startedAt.duration(to: now) / .seconds(1)
        switch end {
        case .served: member.finished(epoch: permit.epoch, seconds: took, seconds(now))
        case .refused(let retryAfter):
            let wait = retryAfter.map { $0 / .seconds(1) }
            member.refused(epoch: permit.epoch, seconds: took, retryAfter: wait, seconds(now))
        case .failed: member.ended(seconds(now))
        }
    }

    package mutating func hear(_ message: LimitMessage, _ now: Instant) {
        if case .pause(let pause) = message {
            member.pause(min(pause / .seconds(1), member.settings.retryMost), seconds(now))
        } else {
            member.hear(message, seconds(now))
        }
    }

    /// A reading of the endpoint's queue gauge; only the leader's counts.
    package mutating func queued(waiting: Int, _ now: Instant) { member.queued(waiting: waiting, seconds(now)) }

    package mutating func tick(_ now: Instant) { member.tick(seconds(now)) }

    package mutating func takeMessages(_ now: Instant) -> [OutgoingLimitMessage] {
        member.settle(seconds(now))
        defer { member.outbox.removeAll(keepingCapacity: true) }
        return member.outbox.map { OutgoingLimitMessage(destination: $0.to, message: $0.message) }
    }

    package func nextChange(_ now: Instant) -> Instant? {
        let at = member.share.mayStartAt
        return at > seconds(now) && at < .infinity ? instant(at) : nil
    }

    private func seconds(_ now: Instant) -> Double { origin.duration(to: now) / .seconds(1) }

    /// Rounded up by a nanosecond, so that the moment has come when it is reached.
    private func instant(_ seconds: Double) -> Instant {
        origin + .nanoseconds(Int64((seconds * 1e9).rounded(.up)) + 1)
    }
}
