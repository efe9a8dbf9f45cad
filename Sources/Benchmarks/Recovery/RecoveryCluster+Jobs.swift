import Foundation
import JSON
import Postgres

extension RecoveryCluster {
    /// A job with and one without a record that kills; the records are numbered.
    nonisolated func writeWorkflows(records: Int, cap: Int) throws {
        let rows = "number\n" + (0..<records).map { "\($0)\n" }.joined()
        try Data(rows.utf8).write(to: URL(fileURLWithPath: "\(folder)/numbers.csv"))
        for isPoisoned in [false, true] {
            let text = """
                seed_config: {source: {seed_type: local, path: numbers.csv}}
                columns:
                  - {name: id, column_type: sampler, sampler_type: uuid, params: {}}
                  - name: text
                    column_type: llm-text
                    model_alias: model
                    prompt: "Describe product {{ id }}, number {{ number }}\(isPoisoned ? "," : ".")"
                model_configs:
                  - alias: model
                    model: sim-fast
                    provider: bench
                    inference_parameters: {max_parallel_requests: \(cap), max_tokens: 256}

                """
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(Self.workflow(isPoisoned))"))
        }
    }

    private static func workflow(_ isPoisoned: Bool) -> String { isPoisoned ? "poisoned.yaml" : "healthy.yaml" }

    nonisolated func submit(poisoned: Bool = false, records: Int) throws -> String {
        try command(["submit", Self.workflow(poisoned), "-n", "\(records)"])
    }

    nonisolated func status(_ job: String) throws -> JSONValue {
        try JSONValue(parsing: try command(["status", job, "-o", "json"]))
    }

    /// Looks until it is so; fails after `seconds`.
    nonisolated func wait(_ what: String, seconds: Int = 180, _ condition: () async throws -> Bool) async throws {
        let start = ContinuousClock.now
        while try await !condition() {
            if start.duration(to: .now) > .seconds(seconds) { throw BenchError("waited \(seconds) s for \(what)") }
            try await Task.sleep(for: .milliseconds(250))
        }
    }

    // MARK: What is stored

    /// Cells that the job has.
    func cells(of job: String) async throws -> Int64 {
        try await pool.run(
            Statement(
                """
                select count(*) from cells c join jobs j on j.number = c.job and j.storage = c.storage where j.id = $1
                """, [.text(job)]))[0].int64(0)
    }

    /// Of each transaction that stored cells of the job: when, in seconds from `origin`, and how many.
    func stored(of job: String, from origin: Double) async throws -> [(second: Double, cells: Int)] {
        let rows = try await pool.run(
            Statement(
                """
                select extract(epoch from stored_at)::float8 - $2, count(*)
                from cells c join jobs j on j.number = c.job and j.storage = c.storage where j.id = $1
                group by stored_at
                """, [.text(job), .float8(origin)]))
        return try rows.map { (try $0.double(0), Int(try $0.int64(1))) }
    }

    /// Calls that brought the job no value.
    func callsInVain(of job: String) async throws -> Int64 {
        try await pool.run(
            Statement(
                """
                select coalesce(sum(calls) - sum(stored), 0)::bigint from usage u join jobs j on j.number = u.job
                where j.id = $1
                """, [.text(job)]))[0].int64(0)
    }

    /// Records of the job that were given up.
    func dropped(of job: String) async throws -> Int64 {
        try await pool.run(
            Statement(
                """
                select count(*) from records r join jobs j on j.number = r.job and j.storage = r.storage
                where j.id = $1 and r.state = 'dropped'
                """, [.text(job)]))[0].int64(0)
    }
}
