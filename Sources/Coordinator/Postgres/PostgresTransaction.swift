/// A transaction block that is open on a connection, for work of several round trips. Valid within the body that was
/// given it; later uses fail.
///
/// After a statement failed, all others fail too (`25P02`) until the block ends.
package struct PostgresTransaction: Sendable {
    let connection: PostgresConnection
    let session: Work.Session

    /// Runs the statements in one round trip, within the block.
    @discardableResult
    package nonisolated(nonsending) func transact(
        _ statements: [Statement], timeout: Duration? = nil
    ) async throws(PostgresError) -> [Rows] {
        try await connection.perform(
            .statements(try EncodedStatements(statements)), session: session, cannotCommit: true, timeout: timeout)
    }

    @discardableResult
    package nonisolated(nonsending) func run(
        _ statement: Statement, timeout: Duration? = nil
    ) async throws(PostgresError) -> Rows {
        try PostgresConnection.only(try await transact([statement], timeout: timeout))
    }

    /// Reads a query's result piece by piece; see `PostgresConnection.stream`.
    package nonisolated(nonsending) func stream(
        _ statement: Statement, chunkBytes: Int = 1 << 20, _ body: (Rows) async throws -> Void
    ) async throws {
        let cursor = "tessera_cursor"
        var declaration = statement
        declaration.sql = "declare \(cursor) no scroll cursor for \(statement.sql)"
        declaration.isPrepared = false
        var chunk = try await transact([declaration, Self.fetch(128, from: cursor)])[1]
        while !chunk.isEmpty {
            let rowBytes = max(1, chunk.memoryBytes / chunk.count)
            let count = min(max(1, chunkBytes / rowBytes), 10_000)
            // The server works on the next piece while the caller works on this one.
            async let next = run(Self.fetch(count, from: cursor))
            try await body(chunk)
            chunk = try await next
        }
        try await run(Statement("close \(cursor)"))
    }

    private static func fetch(_ count: Int, from cursor: String) -> Statement {
        Statement("fetch \(count) from \(cursor)", isPrepared: false)
    }
}
