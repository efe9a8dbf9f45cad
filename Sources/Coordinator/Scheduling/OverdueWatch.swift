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
        var takenBy: ContinuousClock.Instant?
    }

    private let patience: Duration
    private var entries: [DispatchNumber: Entry] = [:]
    private var answered: Set<String> = []

    /// - Parameter hold: the longest a worker holds a delivery (`hold_seconds`).
    package init(hold: Duration) { patience = hold * 2 }

    package var count: Int { entries.count }

    /// The tasks of this entry are with the broker.
    package mutating func sent(_ sent: Sent) { entries[sent.number] = Entry(sent: sent) }

    /// Nothing of the job is of interest any more.
    package mutating func forget(_ job: JobNumber) { entries = entries.filter { $0.value.sent.job != job } }

    /// A value, failure or hand-back came from this route.
    package mutating func answered(on route: String) { answered.insert(route) }

    /// The route's queue was looked at (a passive declare, each 30 s).
    package mutating func looked(at route: String, ready: Int, now: ContinuousClock.Instant) {
        let standsStill = ready > 0 && !answered.contains(route)
        answered.remove(route)
        for (number, entry) in entries where entry.sent.route == route {
            if standsStill {
                entries[number]?.takenBy = nil
            } else if ready == 0, entry.takenBy == nil {
                entries[number]?.takenBy = now
            }
        }
    }

    /// The route's queue had to be created anew: what was in it is gone, without waiting.
    package mutating func queueWasLost(_ route: String, now: ContinuousClock.Instant) {
        for (number, entry) in entries where entry.sent.route == route {
            entries[number]?.takenBy = now.advanced(by: .zero - patience)
        }
    }

    /// What may be overdue. The caller then reads results and salvage to their end and asks `takeOverdue`.
    package func hasCandidates(now: ContinuousClock.Instant) -> Bool {
        entries.values.contains { $0.takenBy.map { $0.advanced(by: patience) <= now } ?? false }
    }

    /// Entries that were candidates already at `drained`, a moment at which results and salvage had been read to
    /// their end and committed. The scheduler says which of their cells are out still.
    package mutating func takeOverdue(drained: ContinuousClock.Instant) -> [Sent] {
        let due = entries.values.filter { $0.takenBy.map { $0.advanced(by: patience) <= drained } ?? false }
        for entry in due { entries[entry.sent.number] = nil }
        return due.map(\.sent).sorted { $0.number < $1.number }
    }

    /// Drops entries none of whose cells are out any more.
    package mutating func prune(isOut: (Sent) -> Bool) { entries = entries.filter { isOut($0.value.sent) } }
}
