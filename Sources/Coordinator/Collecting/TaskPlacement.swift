import AMQP
import Messages
import Scheduling

/// How far what the log has as sent is with the broker: published, refused, confirmed, recorded.
///
/// A value type: publishing and the broker's answers are events; what is to be published, declared and recorded comes
/// out. A returned message can only mean that the broker lost its topology (they are published as mandatory to a
/// queue that was declared): the queue is declared again, and the same body published again.
struct TaskPlacement: Sendable {
    /// What is to be published once more: the queues to be declared first, then the messages.
    struct Retry: Sendable {
        let lostRoutes: Set<String>
        let messages: [TaskMessage]
        let connection: Int
    }

    static let retryInterval: Duration = .milliseconds(100)

    /// Number of the broker connection that publishes; nil while there is none.
    private(set) var connection: Int?
    /// Sent by an earlier generation, or on another connection, and to be published again.
    private var again: [Sent] = []
    private var publications = DispatchPublications()
    /// Messages the broker refused or could not route.
    private var unplaced: [TaskMessage] = []
    private var missingRoutes: Set<String> = []
    private var lastRetry: ContinuousClock.Instant?

    /// Cells that may be published beyond those that are not recorded as confirmed.
    func room(of window: Int) -> Int {
        window - publications.cellsUnrecorded - again.reduce(0) { $0 + $1.records.count }
    }

    /// What was published is confirmed and recorded.
    var isIdle: Bool { publications.cellsUnrecorded == 0 && unplaced.isEmpty }

    // MARK: Connections

    /// - Returns: whether it is another connection: what is unconfirmed is to be read from the log, and `reconcile`d.
    mutating func connected(_ number: Int) -> Bool {
        guard connection != number else { return false }
        connection = number
        // They are in the log, unconfirmed.
        unplaced = []
        missingRoutes = []
        return true
    }

    mutating func disconnected() { connection = nil }

    /// After a takeover from oneself. Of what the log has as unconfirmed, what this process does not know to be
    /// confirmed, and what does not wait on a connection that is whole, is published again (`takeAgain`).
    ///
    /// - Returns: how many cells that are.
    mutating func reconcile(unconfirmed: [Sent], connection: Int) -> Int {
        again = publications.reconcile(unconfirmed: unconfirmed, connection: connection)
        return again.reduce(0) { $0 + $1.records.count }
    }

    mutating func takeAgain() -> [Sent] {
        defer { again = [] }
        return again
    }

    // MARK: Publishing

    /// `messages` tasks of the entry are about to be published.
    mutating func publishing(_ sent: Sent, messages: Int, connection: Int) {
        publications.publishing(sent, messages: messages, connection: connection)
    }

    /// The broker's answers to one publish call.
    ///
    /// - Returns: false when nobody knows what became of one: everything is to be read anew.
    mutating func published(_ messages: [TaskMessage], _ outcomes: [PublishOutcome], connection: Int) -> Bool {
        var isWhole = true
        var confirms: [DispatchNumber: Int] = [:]
        for (message, outcome) in zip(messages, outcomes) {
            switch outcome {
            case .confirmed: confirms[message.number, default: 0] += 1
            case .refused, .returned:
                // Of a connection that is gone, the recovery publishes it again.
                guard connection == self.connection else { continue }
                unplaced.append(message)
                if case .returned = outcome { missingRoutes.insert(message.route) }
            case .lost: isWhole = false
            }
        }
        for (number, count) in confirms {
            publications.gotConfirms(number, messages: count, connection: connection)
        }
        return isWhole
    }

    /// What the broker refused or lost, at most every 100 ms.
    mutating func takeRetry(at now: ContinuousClock.Instant) -> Retry? {
        guard let connection, !unplaced.isEmpty,
            lastRetry.map({ $0.duration(to: now) >= Self.retryInterval }) ?? true
        else { return nil }
        lastRetry = now
        defer {
            unplaced = []
            missingRoutes = []
        }
        return Retry(lostRoutes: missingRoutes, messages: unplaced, connection: connection)
    }

    // MARK: Recording

    /// The entries whose confirm the next transaction records.
    mutating func takeConfirmed() -> [Sent] { publications.takeConfirmed() }

    /// The transaction that records them committed.
    mutating func recorded(_ sends: [Sent]) { publications.recorded(sends) }

    /// Nothing of the job is of interest any more.
    mutating func forget(_ job: JobNumber) { publications.forget(job) }
}
