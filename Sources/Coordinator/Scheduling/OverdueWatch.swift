/// Finds tasks that the broker lost: sent, never answered, in no queue and with no worker.
///
/// A cell is overdue when its route's queue was seen empty after it was sent (so a worker took it, or it is lost),
/// twice the time a worker may hold a delivery has passed since, and after that results and salvage were each seen
/// empty with all of theirs committed (else the answer may be waiting). While a route stands still (messages ready,
/// nothing answered since the last look: its workers are away) its clock starts anew. A premature alarm costs one
/// repeated call, never a record.
package struct OverdueWatch: Sendable {
    private struct Entry: Sendable {
        let sent: Sent
        /// When the route's queue was first seen empty after it was sent.
        var emptySeenAt: ContinuousClock.Instant?
    }

    private let patience: Duration
    private var entries: [DispatchNumber: Entry] = [:]
    /// By route: the highest number of which anything came back since the last look.
    private var answered: [String: DispatchNumber] = [:]
    /// Of entries, what was in a queue that is gone.
    private var lost: [DispatchNumber: Sent] = [:]

    /// - Parameter hold: the longest a worker holds a delivery (`hold_seconds`).
    package init(hold: Duration) { patience = hold * 2 }

    package var count: Int { entries.count }

    /// The tasks of this entry are with the broker.
    package mutating func sent(_ sent: Sent) { entries[sent.number] = Entry(sent: sent) }

    /// Nothing of the job is of interest any more.
    package mutating func forget(_ job: JobNumber) {
        for (number, entry) in entries where entry.sent.job == job { forget(number) }
    }

    /// A value, failure or hand-back of that number came from this route. Queues are first in, first out: what was sent
    /// before it has been taken from the queue, too.
    package mutating func answered(on route: String, number: DispatchNumber) {
        answered[route] = max(answered[route] ?? number, number)
    }

    /// The route's queue was looked at (a passive declare, each 30 s).
    package mutating func looked(at route: String, ready: Int, now: ContinuousClock.Instant) {
        let reached = answered.removeValue(forKey: route)
        let standsStill = ready > 0 && reached == nil
        for (number, entry) in entries where entry.sent.route == route {
            if standsStill {
                entries[number]?.emptySeenAt = nil
            } else if entry.emptySeenAt == nil, ready == 0 || reached.map({ number < $0 }) ?? false {
                entries[number]?.emptySeenAt = now
            }
        }
    }

    /// The route's queue had to be created anew: what was in it is gone, without waiting.
    ///
    /// - Parameter placed: records whose messages the broker gave back, by entry: published again as they are. Others
    ///   of the same entry may have been in the queue.
    package mutating func queueWasLost(_ route: String, except placed: [DispatchNumber: Set<Int64>] = [:]) {
        for (number, entry) in entries where entry.sent.route == route {
            let kept = placed[number] ?? []
            let gone = entry.sent.filtered { !kept.contains($0) }
            if !gone.records.isEmpty { lost[number] = gone }
        }
    }

    /// What may be overdue. The caller then reads results and salvage to their end and asks `takeOverdue`.
    package func hasCandidates(now: ContinuousClock.Instant) -> Bool {
        !lost.isEmpty || entries.values.contains { isDue($0, at: now) }
    }

    private func isDue(_ entry: Entry, at now: ContinuousClock.Instant) -> Bool {
        entry.emptySeenAt.map { $0.advanced(by: patience) <= now } ?? false
    }

    /// Entries that were candidates already at `drained`, a moment at which results and salvage had been read to
    /// their end and committed. The scheduler says which of their cells are out still.
    package mutating func takeOverdue(drained: ContinuousClock.Instant) -> [Sent] {
        let due = entries.values.filter { isDue($0, at: drained) }.map(\.sent)
        for sent in due { forget(sent.number) }
        defer { lost = [:] }
        return (due + lost.values).sorted { $0.number < $1.number }
    }

    private mutating func forget(_ number: DispatchNumber) {
        entries[number] = nil
        lost[number] = nil
    }

    /// Drops entries none of whose cells are out any more.
    package mutating func prune(isOut: (Sent) -> Bool) {
        for (number, entry) in entries where !isOut(entry.sent) { forget(number) }
    }
}
