import CPostgres
import EventLoop

extension PostgresConnection {
    /// Opens a transaction block, runs `body` in it, and commits; when `body` throws, rolls back and rethrows.
    ///
    /// All other calls on this connection wait until it is over; the body uses what it is given, since a call of the
    /// connection itself would wait for its own end. The server ends a block in which nothing happens for
    /// 5 s (`idle_in_transaction_session_timeout`), and the connection with it.
    ///
    /// - Parameter begin: may ask for more: "begin isolation level repeatable read read only".
    /// - Throws: what `body` throws; as `transact`. `outcomeUnknown` only when the connection was lost in the commit.
    @discardableResult
    package nonisolated(nonsending) func withTransaction<Value>(
        begin: String = "begin", _ body: (PostgresTransaction) async throws -> Value
    ) async throws -> Value {
        let session = Work.Session()
        _ = try await perform(.session(session))
        defer { end(session) }
        let transaction = PostgresTransaction(connection: self, session: session)
        try await transaction.run(Statement(begin, isPrepared: false))
        do {
            let value = try await body(transaction)
            let commit = try EncodedStatements([Statement("commit")])
            let outcome = try Self.only(try await perform(.statements(commit), session: session))
            // That is how the server answers COMMIT when a statement had failed and the body went on regardless.
            if outcome.commandTag == "ROLLBACK" {
                throw PostgresError(
                    .statementFailed, "an earlier statement failed, so the transaction was rolled back",
                    sqlState: .inFailedTransaction)
            }
            return value
        } catch {
            _ = try? await transaction.run(Statement("rollback"))
            throw error
        }
    }

    /// Reads the result of one query piece by piece, in bounded memory, with its rows in order and from one snapshot.
    ///
    /// A cursor in a transaction block of its own, so other calls on this connection wait until the end. `body` gets
    /// pieces of about `chunkBytes` (at most 10,000 rows, at least one) and holds up the reading while it works; one
    /// more piece is fetched meanwhile, so two are in memory. It may take 10 minutes for each before the server gives
    /// up. When it throws, or the task is cancelled and it notices, reading ends.
    ///
    /// - Throws: what `body` throws; as `transact`, possibly after some pieces.
    package nonisolated(nonsending) func stream(
        _ statement: Statement, chunkBytes: Int = 1 << 20, _ body: (Rows) async throws -> Void
    ) async throws {
        try await withTransaction { transaction in
            // A cursor is otherwise planned for its first tenth.
            _ = try await transaction.transact([
                Statement("set local idle_in_transaction_session_timeout = '10min'"),
                Statement("set local cursor_tuple_fraction = 1"),
            ])
            try await transaction.stream(statement, chunkBytes: chunkBytes, body)
        }
    }

    private nonisolated func end(_ session: Work.Session) {
        loop.execute { self.assumeIsolated { $0.endNow(session) } }
    }

    private func endNow(_ ended: Work.Session) {
        guard session === ended, let handle else { return }
        session = nil
        if PQtransactionStatus(handle) != PQTRANS_IDLE {
            lose(PostgresError(.connectionLost, "a transaction block could not be ended"))
        }
        pump()
    }
}
