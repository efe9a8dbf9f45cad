package import Messages

/// Finds tasks that the broker lost: sent, never answered, in no queue and with no worker.
///
/// A cell is overdue when its route's queue was seen empty after it was sent (so a worker took it, or it is lost),
/// twice the time a worker may hold a delivery has passed since, and after that results and salvage were each seen
/// empty with all of theirs committed (else the answer may be waiting). While a route stands still (messages ready,
/// nothing answered since the last look: its workers are away) its clock starts anew. A premature alarm costs one
/// repeated call, never a record.
///
/// Where the broker lost a route's queue, seconds take the place of twice that time: for what was sent before, and for
/// what is sent while the broker may still be routing to the queue that is going (RabbitMQ confirms such messages).
package struct OverdueWatch: Sendable {
    private struct Entry: Sendable {
        let sent: Sent
        /// It may have been in a queue that is gone.
        var isSuspect: Bool
        /// When the route's queue was first seen empty after it was sent.
        var emptySeenAt: ContinuousClock.Instant?
    }

    /// How long after a loss what is sent may still get lost.
    static let suspicion: Duration = .seconds(10)
    /// How long an answer may take of what a lost queue did not hold; what takes longer is called twice. No shorter
    /// than the suspicion, so that what is sent again is not suspect for the same loss.
    static let suspectPatience: Duration = suspicion
    /// A route of which nothing came back for so long stands still.
    static let stillness: Duration = .seconds(30)

    private let patience: Duration
    private var entries: [DispatchNumber: Entry] = [:]
    /// By route: the highest number of which anything came back since the last look.
    private var answered: [String: DispatchNumber] = [:]
    /// By route: the last look that found anything had come back.
    private var movedAt: [String: ContinuousClock.Instant] = [:]
    /// By route: until when what is sent may get lost with its former queue.
    private var suspectUntil: [String: ContinuousClock.Instant] = [:]

    /// - Parameter hold: the longest a worker holds a delivery (`hold_seconds`).
    package init(hold: Duration) { patience = hold * 2 }

    /// Another, empty one, that knows of the losses that this one knows.
    package func successor() -> OverdueWatch {
        var next = self
        next.entries = [:]
        next.answered = [:]
        return next
    }

    package var count: Int { entries.count }

    /// Routes of which something may have been in a lost queue: to be looked at soon, and again.
    package var suspectRoutes: Set<String> { Set(entries.values.lazy.filter(\.isSuspect).map(\.sent.route)) }

    /// The tasks of this entry are with the broker.
    package mutating func sent(_ sent: Sent, at now: ContinuousClock.Instant) {
        let isSuspect = suspectUntil[sent.route].map { now < $0 } ?? false
        entries[sent.number] = Entry(sent: sent, isSuspect: isSuspect)
    }

    /// Nothing of the job is of interest any more.
    package mutating func forget(_ job: JobNumber) {
        for (number, entry) in entries where entry.sent.job == job { entries[number] = nil }
    }

    /// A value, failure or hand-back of that number came from this route. Queues are first in, first out: what was sent
    /// before it has been taken from the queue, too.
    package mutating func answered(on route: String, number: DispatchNumber) {
        answered[route] = max(answered[route] ?? number, number)
    }

    /// The route's queue was looked at (a passive declare, each 30 s; each second where something is suspect).
    package mutating func looked(at route: String, ready: Int, now: ContinuousClock.Instant) {
        let reached = answered.removeValue(forKey: route)
        if reached != nil { movedAt[route] = now }
        let isQuiet = movedAt[route].map { $0.duration(to: now) >= min(Self.stillness, patience / 2) } ?? true
        let standsStill = ready > 0 && reached == nil && isQuiet
        for (number, entry) in entries where entry.sent.route == route {
            if standsStill {
                entries[number]?.emptySeenAt = nil
            } else if entry.emptySeenAt == nil, ready == 0 || reached.map({ number < $0 }) ?? false {
                entries[number]?.emptySeenAt = now
            }
        }
    }

    /// The route's queue had to be created anew, and what was in it is gone. May be told more than once of one loss.
    package mutating func queueWasLost(_ route: String, at now: ContinuousClock.Instant) {
        suspectUntil[route] = now.advanced(by: Self.suspicion)
        for (number, entry) in entries where entry.sent.route == route {
            entries[number] = Entry(sent: entry.sent, isSuspect: true)
        }
    }

    /// What may be overdue. The caller then reads results and salvage to their end and asks `takeOverdue`.
    package func hasCandidates(now: ContinuousClock.Instant) -> Bool {
        entries.values.contains { isDue($0, at: now) }
    }

    private func isDue(_ entry: Entry, at now: ContinuousClock.Instant) -> Bool {
        let patience = entry.isSuspect ? min(patience, Self.suspectPatience) : patience
        return entry.emptySeenAt.map { $0.advanced(by: patience) <= now } ?? false
    }

    /// Entries that were candidates already at `drained`, a moment at which results and salvage had been read to
    /// their end and committed. The scheduler says which of their cells are out still.
    package mutating func takeOverdue(drained: ContinuousClock.Instant) -> [Sent] {
        let due = entries.values.filter { isDue($0, at: drained) }.map(\.sent)
        for sent in due { entries[sent.number] = nil }
        return due.sorted { $0.number < $1.number }
    }

    /// Drops entries none of whose cells are out any more.
    package mutating func prune(isOut: (Sent) -> Bool) {
        for (number, entry) in entries where !isOut(entry.sent) { entries[number] = nil }
    }
}
