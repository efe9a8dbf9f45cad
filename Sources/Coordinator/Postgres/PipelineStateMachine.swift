/// Which transaction and statement the next result of a connection belongs to.
///
/// PostgreSQL answers in the order in which it was asked. A transaction is a run of commands that ends in a sync; when
/// one of them fails the server skips the rest up to the sync and rolls all of them back.
struct PipelineStateMachine<Output> {
    typealias ID = UInt64

    /// What the server was sent, in order.
    enum Command: Equatable {
        case prepare(statement: Int, sql: String, name: String)
        /// `name` is nil where the statement was sent as text.
        case execute(statement: Int, sql: String, name: String?)
    }

    /// What came back.
    enum Event {
        case output(Output)
        case failed(PostgresError)
        /// The command was skipped, since an earlier one failed.
        case skipped
        /// Nothing more comes for the present command.
        case endOfCommand
        /// The transaction is over, committed or rolled back.
        case synced
    }

    enum Effect {
        case prepared(sql: String, name: String)
        case notPrepared(sql: String, name: String)
        case stale(sql: String, name: String)
        case finished(ID, Result<[Output], PostgresError>)
        /// The answers do not match the questions: the connection cannot be trusted any more.
        case confused(String)
    }

    private struct Transaction {
        let id: ID
        let commands: [Command]
        var next = 0
        var isNextAnswered = false
        var outputs: [Output] = []
        var error: PostgresError?

        var current: Command? { next < commands.count ? commands[next] : nil }
    }

    private var transactions: [Transaction] = []
    /// Those before it are over. Cut off now and then, so that a queue needs no shifting at every step.
    private var head = 0
    /// A fatal error came: the server did nothing of what was sent after it.
    private var isServerGone = false

    var isEmpty: Bool { head == transactions.count }
    var count: Int { transactions.count - head }

    /// A transaction was sent, its sync with it.
    mutating func sent(_ id: ID, _ commands: [Command]) {
        transactions.append(Transaction(id: id, commands: commands))
    }

    mutating func receive(_ event: Event) -> [Effect] {
        guard head < transactions.count else { return [.confused("an answer that nobody asked for")] }
        switch event {
        case .output(let output):
            guard case .execute = transactions[head].current, !transactions[head].isNextAnswered else {
                return answerWithoutOutput()
            }
            transactions[head].outputs.append(output)
            transactions[head].isNextAnswered = true
            return []
        case .failed(let error): return fail(error)
        case .skipped:
            transactions[head].isNextAnswered = true
            if transactions[head].error == nil {
                transactions[head].error = PostgresError(.statementFailed, "the transaction was aborted")
            }
            return []
        case .endOfCommand: return endCommand()
        case .synced: return finish()
        }
    }

    /// The connection is gone. Gives the transactions under way, oldest first, each with its error.
    mutating func abandon(_ reason: PostgresError) -> [(id: ID, error: PostgresError)] {
        defer { self = Self() }
        return transactions[head...].map { transaction in
            // An error in a statement means that the server rolled back, whatever came afterwards.
            if let error = transaction.error { return (transaction.id, error) }
            var error = reason
            error.outcomeUnknown = !isServerGone
            return (transaction.id, error)
        }
    }

    private mutating func answerWithoutOutput() -> [Effect] {
        // A Parse that succeeded says so by an empty result.
        guard case .prepare = transactions[head].current, !transactions[head].isNextAnswered else {
            return [.confused("a second result for one statement")]
        }
        transactions[head].isNextAnswered = true
        return []
    }

    private mutating func fail(_ error: PostgresError) -> [Effect] {
        var error = error
        let command = transactions[head].current
        switch command {
        case .prepare(let statement, _, _), .execute(let statement, _, _): error.statementIndex = statement
        // At the sync: the commit failed. When the server died of it, it may have died after the commit.
        case nil: error.outcomeUnknown = error.code == .connectionLost
        }
        if error.code == .connectionLost { isServerGone = true }
        transactions[head].isNextAnswered = true
        guard transactions[head].error == nil else { return [] }
        transactions[head].error = error
        if error.isStalePlan, case .execute(_, let sql, let name?) = command { return [.stale(sql: sql, name: name)] }
        return []
    }

    private mutating func endCommand() -> [Effect] {
        guard transactions[head].isNextAnswered else { return [.confused("no result for a statement")] }
        transactions[head].isNextAnswered = false
        // Also after an error at the sync.
        guard let command = transactions[head].current else { return [] }
        transactions[head].next += 1
        guard case .prepare(_, let sql, let name) = command else { return [] }
        return [transactions[head].error == nil ? .prepared(sql: sql, name: name) : .notPrepared(sql: sql, name: name)]
    }

    private mutating func finish() -> [Effect] {
        let transaction = transactions[head]
        head += 1
        if head == transactions.count || head >= 64 {
            transactions.removeFirst(head)
            head = 0
        }
        guard let error = transaction.error else {
            guard transaction.current == nil else { return [.confused("a transaction ended before its statements")] }
            return [.finished(transaction.id, .success(transaction.outputs))]
        }
        var effects: [Effect] = []
        for case .prepare(_, let sql, let name) in transaction.commands[transaction.next...] {
            effects.append(.notPrepared(sql: sql, name: name))
        }
        effects.append(.finished(transaction.id, .failure(error)))
        return effects
    }
}
