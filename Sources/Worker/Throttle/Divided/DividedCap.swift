/// The cap of a key, divided evenly over the workers that are alive on it.
///
/// Who is alive is known by beats, each good for 3 s. The ids in order decide who has one slot more where the cap does
/// not divide. Calls of others that are in flight count too, so that a worker that joins, or whose part grows, starts
/// nothing for which the cap has no room. A refusal pauses every worker that hears of it for Retry-After, else 2 s, and
/// moves no limit.
///
/// A worker must hear itself: one whose own beats do not come back for 3 s (by the time it sent them) is taken for gone
/// by the others, and starts nothing. When it hears itself for the first time, or again, it listens for 1.2 s, in which
/// every other worker beats at least once, before it starts.
package struct DividedCap: LimitController {
    /// How long a beat is good for.
    package static let beatLife: Duration = .seconds(3)
    /// How long a worker listens before it starts; more than the time between two beats (1 s).
    package static let listening: Duration = .milliseconds(1200)
    /// The pause after a refusal that names none.
    package static let ownPause: Duration = .seconds(2)
    /// A longer Retry-After is not believed.
    package static let longestPause: Duration = .seconds(600)
    /// A pause is told to the others only when it ends this much later than what they were told.
    private static let worthTelling: Duration = .milliseconds(100)

    private struct Peer {
        var number: UInt64
        var aliveUntil: Instant
        var inFlight: Int
        var isDraining: Bool
    }

    /// What the peers leave to this worker, until the first of them falls silent.
    private struct Division {
        var share: Int
        /// Calls in flight at the others.
        var elsewhere: Int
        var until: Instant?
    }

    private let worker: String
    private let isAlone: Bool
    private var cap: Int
    private var peers: [String: Peer] = [:]
    private var isDraining = false
    /// Kept, so that a start does not cost a walk over all workers.
    private var division: Division

    /// Until when the others count this worker; nil before it heard itself.
    private var aliveUntil: Instant?
    private var ownNumber: UInt64 = 0
    /// Nothing starts before; nil before it heard itself.
    private var startsFrom: Instant?

    private var pauseEnd: Instant?
    private var toldPauseEnd: Instant?
    private var untoldPause = false
    private var meanSeconds: Double?

    package private(set) var inFlight = 0

    /// - Parameters:
    ///   - isAlone: there are no other workers and no beats (a preview): the whole cap, at once.
    package init(worker: String, cap: Int, isAlone: Bool = false) {
        self.worker = worker
        self.cap = max(1, cap)
        self.isAlone = isAlone
        division = Division(share: self.cap, elsewhere: 0)
    }

    package var limit: Int { cap }

    package var meanCall: Duration? { meanSeconds.map { .seconds($0) } }

    package func share(_ now: Instant) -> Int {
        !isDraining && isHeard(now) ? division(now).share : 0
    }

    package func pausedUntil(_ now: Instant) -> Instant? {
        pauseEnd.flatMap { now < $0 ? $0 : nil }
    }

    // MARK: What happens

    package mutating func setCap(_ cap: Int, isOperators: Bool, _ now: Instant) {
        self.cap = max(1, cap)
        division = divide(now)
    }

    /// An even division does not ask who has work.
    package mutating func demand(_ waiting: Int, _ now: Instant) {}

    package mutating func drain(_ now: Instant) { isDraining = true }

    /// For this worker's own beat `now` is the moment at which it was sent: the others count it from then on, or later.
    package mutating func hear(_ message: LimitMessage, _ now: Instant) {
        switch message {
        case .beat(let beat) where beat.worker == worker: hearMyself(beat, sentAt: now)
        case .beat(let beat):
            hearPeer(beat, now)
            division = divide(now)
        case .pause(let pause):
            // Heard by everyone who hears this one: it need not be told on.
            toldPauseEnd = max(toldPauseEnd ?? now, now + min(pause, Self.longestPause))
            pauseUntil(now + min(pause, Self.longestPause))
        case .report, .grant: break
        }
    }

    package mutating func tick(_ now: Instant) {
        guard let until = division.until, now >= until else { return }
        peers = peers.filter { now < $0.value.aliveUntil }
        division = divide(now)
    }

    package func canStart(_ now: Instant) -> Bool {
        guard pausedUntil(now) == nil, let startsFrom = isAlone ? now : startsFrom, now >= startsFrom else {
            return false
        }
        // No more than the share, and no more than the others leave of the cap.
        return inFlight < min(share(now), cap - division(now).elsewhere)
    }

    package mutating func start(_ now: Instant) -> Permit? {
        guard canStart(now) else { return nil }
        inFlight += 1
        return Permit(epoch: 0, startedAt: now)
    }

    package mutating func finish(_ permit: Permit, _ end: CallEnd, _ now: Instant) {
        precondition(inFlight > 0, "a permit came back twice")
        inFlight -= 1
        switch end {
        case .served:
            let seconds = permit.startedAt.duration(to: now) / .seconds(1)
            meanSeconds = meanSeconds.map { $0 + (seconds - $0) * 0.1 } ?? seconds
        case .refused(let retryAfter):
            let asked = retryAfter.flatMap { $0 > .zero ? $0 : nil } ?? Self.ownPause
            let end = now + min(asked, Self.longestPause)
            pauseUntil(end)
            untoldPause = untoldPause || end >= (toldPauseEnd ?? now) + Self.worthTelling
        case .failed: break
        }
    }

    package mutating func takeMessages(_ now: Instant) -> [OutgoingLimitMessage] {
        guard untoldPause, let end = pausedUntil(now) else { return [] }
        untoldPause = false
        toldPauseEnd = end
        return [OutgoingLimitMessage(destination: .everyone, message: .pause(now.duration(to: end)))]
    }

    package func nextChange(_ now: Instant) -> Instant? {
        guard !isDraining, !canStart(now) else { return nil }
        let moments = [startsFrom, pauseEnd].compactMap { $0 } + peers.values.map(\.aliveUntil)
        return moments.filter { $0 > now }.min()
    }

    // MARK: How

    private func isHeard(_ now: Instant) -> Bool {
        isAlone || aliveUntil.map { now < $0 } ?? false
    }

    private func division(_ now: Instant) -> Division {
        division.until.map { now < $0 } ?? true ? division : divide(now)
    }

    private func divide(_ now: Instant) -> Division {
        var (starting, before, elsewhere) = (1, 0, 0)
        var until: Instant?
        for (id, peer) in peers where now < peer.aliveUntil {
            elsewhere += peer.inFlight
            until = min(until ?? peer.aliveUntil, peer.aliveUntil)
            guard !peer.isDraining else { continue }
            starting += 1
            if id < worker { before += 1 }
        }
        let share = cap / starting + (before < cap % starting ? 1 : 0)
        return Division(share: share, elsewhere: elsewhere, until: until)
    }

    private mutating func hearMyself(_ beat: PeerBeat, sentAt: Instant) {
        guard beat.number > ownNumber else { return }
        ownNumber = beat.number
        if aliveUntil.map({ sentAt >= $0 }) ?? true { startsFrom = sentAt + Self.listening }
        aliveUntil = beat.isLeaving ? sentAt : sentAt + Self.beatLife
    }

    private mutating func hearPeer(_ beat: PeerBeat, _ now: Instant) {
        if let known = peers[beat.worker], beat.number <= known.number, now < known.aliveUntil { return }
        peers[beat.worker] =
            beat.isLeaving
            ? nil
            : Peer(
                number: beat.number, aliveUntil: now + Self.beatLife, inFlight: max(0, beat.inFlight),
                isDraining: beat.isDraining)
    }

    private mutating func pauseUntil(_ end: Instant) {
        pauseEnd = pauseEnd.map { max($0, end) } ?? end
    }
}
