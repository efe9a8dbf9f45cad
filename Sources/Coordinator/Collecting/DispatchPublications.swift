import Messages
import Scheduling

/// Which entries `sent` are with the broker: published and waiting for confirms, confirmed and not yet recorded.
///
/// A value type: publishing and its outcomes are events. The log says what was sent; this says what this process knows
/// beyond the log, so that a takeover from itself does not publish again what it need not.
struct DispatchPublications: Sendable {
    private struct Publication: Sendable {
        let sent: Sent
        /// Messages without an outcome.
        var waiting: Int
        var isConfirmed: Bool
        /// The broker connection it was published on.
        let connection: Int
    }

    private var publications: [DispatchNumber: Publication] = [:]
    private(set) var confirmed: [DispatchNumber] = []

    /// Cells that are published and not yet recorded as confirmed: bounded by the publish window.
    private(set) var cellsUnrecorded = 0

    /// `messages` tasks are about to be published for `sent`.
    mutating func publishing(_ sent: Sent, messages: Int, connection: Int) {
        cellsUnrecorded += sent.records.count - (publications[sent.number]?.sent.records.count ?? 0)
        publications[sent.number] = Publication(
            sent: sent, waiting: messages, isConfirmed: messages == 0, connection: connection)
        if messages == 0 { confirmed.append(sent.number) }
    }

    /// Nothing of the job is of interest any more.
    mutating func forget(_ job: JobNumber) {
        recorded(publications.values.map(\.sent).filter { $0.job == job })
        confirmed.removeAll { publications[$0] == nil }
    }

    /// `messages` of its tasks have their confirm.
    mutating func gotConfirms(_ number: DispatchNumber, messages: Int, connection: Int) {
        guard let known = publications[number], known.connection == connection, !known.isConfirmed else { return }
        publications[number]?.waiting -= messages
        if known.waiting - messages <= 0 {
            publications[number]?.isConfirmed = true
            confirmed.append(number)
        }
    }

    /// The entries whose confirm the next transaction records.
    mutating func takeConfirmed() -> [Sent] {
        defer { confirmed.removeAll() }
        return confirmed.compactMap { publications[$0]?.sent }
    }

    /// The transaction that records them committed.
    mutating func recorded(_ sends: [Sent]) {
        for sent in sends {
            guard let known = publications.removeValue(forKey: sent.number) else { continue }
            cellsUnrecorded -= known.sent.records.count
        }
    }

    /// After a takeover from oneself: of what the log has as unconfirmed, what is to be published again. What this
    /// process knows to be confirmed is recorded with the next transaction; what waits on a connection that is still
    /// whole is left to it.
    mutating func reconcile(unconfirmed: [Sent], connection: Int) -> [Sent] {
        let former = publications
        publications = [:]
        confirmed = []
        cellsUnrecorded = 0
        var again: [Sent] = []
        for sent in unconfirmed {
            guard let known = former[sent.number], known.isConfirmed || known.connection == connection else {
                again.append(sent)
                continue
            }
            publications[sent.number] = known
            cellsUnrecorded += known.sent.records.count
            if known.isConfirmed { confirmed.append(sent.number) }
        }
        return again
    }
}
