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

    /// Two columns: `a` is sampled, `b` a model writes.
    static func workflow() throws -> TemporaryFile {
        try TemporaryFile(
            """
            model_configs: [{alias: w, model: m, provider: p}]
            columns:
              - {name: a, column_type: sampler, sampler_type: uuid, params: {}}
              - {name: b, column_type: llm-text, model_alias: w, prompt: "{{ a }}"}
            """, "w.yaml")
    }

    func run(_ arguments: [String]) throws -> CommandRun {
        try CommandRun(arguments, environment: ["TESSERA_DATABASE_URL": url, "TESSERA_BROKER_URL": ""])
    }

    func sql(_ text: String) async throws { _ = try await pool.run(Statement(text, isPrepared: false)) }
}
