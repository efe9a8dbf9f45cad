import Foundation
import Logging
import Postgres
import TestSupport

/// A database of its own, with the schema, in which rows stand that no coordinator wrote.
struct StoredRows {
    let pool: PostgresPool
    private let url: String

    static func make() async throws -> StoredRows {
        let url = try await TestServices.makeDatabase("commands\(UInt32.random(in: 0 ... .max))")
        let pool = PostgresPool(
            url: try DatabaseURL(url), size: 1, applicationName: "tests", logger: Logger(label: "tests"))
        let rows = StoredRows(pool: pool, url: url)
        _ = try rows.run(["migrate"])
        return rows
    }

    func run(_ arguments: [String]) throws -> CommandRun {
        try CommandRun(arguments, environment: ["TESSERA_DATABASE_URL": url, "TESSERA_BROKER_URL": ""])
    }

    func sql(_ text: String) async throws { _ = try await pool.run(Statement(text, isPrepared: false)) }
}
