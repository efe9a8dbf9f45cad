import Logging
import Postgres
import Scheduling
import TestSupport
import Testing

@testable import Store

/// What those who follow a job read again and again.
@Suite(.serialized) struct ProgressTests {
    private static let url = Task { () async throws -> DatabaseURL in
        let url = try DatabaseURL(try await TestServices.makeDatabase("progress\(UInt32.random(in: 0 ... .max))"))
        let connection = PostgresConnection(url: url, applicationName: "tests", logger: Logger(label: "tests"))
        try await connection.connect()
        _ = try await Migrator(connection: connection).migrate(partitions: 1)
        await connection.close()
        return url
    }
    private static let database = Task { () async throws -> PostgresPool in try await pool() }

    private static func pool() async throws -> PostgresPool {
        PostgresPool(url: try await url.value, size: 1, applicationName: "tests", logger: Logger(label: "tests"))
    }

    private func submitted(_ pool: PostgresPool) async throws -> Job {
        var new = NewJob(
            id: JobID(milliseconds: 1, random: (.random(in: 0 ... .max), .random(in: 0 ... .max))),
            name: "n\(UInt64.random(in: 0 ... .max))", workflow: "{}", fingerprint: "f", seed: 1, generatorVersion: 1,
            records: 10)
        new.columns = [.init(name: "a", kind: "sampler", model: "")]
        let jobs = JobStore(pool: pool)
        let number = try await jobs.create(new)
        return try #require(try await jobs.job(number))
    }

    private func become(_ state: String, _ job: Job, _ pool: PostgresPool, minutesAgo: Int) async throws {
        let at = "now() - interval '\(minutesAgo) minutes'"
        let key: [Parameter] = [.int8(job.number.rawValue), .text(state)]
        _ = try await pool.transact([
            Statement("update jobs set state = $2 where number = $1", key),
            Statement("insert into events (job, event, at) values ($1, $2, \(at))", key),
        ])
    }

    @Test func `what changes of a job is read again, its workflow is not`() async throws {
        let pool = try await Self.database.value
        let job = try await submitted(pool)
        let jobs = JobStore(pool: pool)
        _ = try await pool.run(
            Statement(
                """
                update jobs set workflow = '["other"]', state = 'running', reason = 'r', stopping = true, requested = 30,
                    former_ends = '{10,20}', max_parallel = '{"w":2}' where number = $1
                """, [.int8(job.number.rawValue)]))
        let seen = try #require(try await jobs.progress(of: job))
        #expect(seen.job.workflow == "{}", "the text may be megabytes")
        #expect(seen.job.state == .running && seen.job.reason == "r" && seen.job.isStopping)
        #expect(seen.job.requested == 30 && seen.job.formerEnds == [10, 20] && seen.job.maximumParallel == #"{"w":2}"#)
        #expect(seen.columns.map(\.name) == ["a"] && seen.heldSeconds == nil)
        #expect(try await jobs.progress(of: job, columns: false)?.columns.isEmpty == true)
        #expect(try await jobs.state(of: job.number) == .running)
    }

    @Test func `a job is held since it came into its state, in whatever words that was told since`() async throws {
        let pool = try await Self.database.value
        let job = try await submitted(pool)
        let jobs = JobStore(pool: pool)
        try await become("waiting", job, pool, minutesAgo: 90)
        try await become("running", job, pool, minutesAgo: 80)
        try await become("waiting", job, pool, minutesAgo: 20)
        _ = try await pool.run(
            Statement("insert into events (job, event) values ($1, 'retried')", [.int8(job.number.rawValue)]))
        try await become("waiting", job, pool, minutesAgo: 10)
        let held = try #require(try await jobs.progress(of: job)?.heldSeconds)
        #expect((1200..<1800).contains(held))
        try await become("running", job, pool, minutesAgo: 0)
        #expect(try await jobs.progress(of: job)?.heldSeconds == nil)
    }

    @Test func `time in which a job did not run is not of its rate`() async throws {
        let pool = try await Self.database.value
        let job = try await submitted(pool)
        let jobs = JobStore(pool: pool)
        #expect(try await jobs.progress(of: job)?.runningSeconds == 0)
        try await become("running", job, pool, minutesAgo: 100)
        try await become("paused", job, pool, minutesAgo: 98)
        try await note("retried", job, pool, minutesAgo: 97)
        try await become("running", job, pool, minutesAgo: 90)
        try await become("completed", job, pool, minutesAgo: 89)
        let paused = try #require(try await jobs.progress(of: job)?.runningSeconds)
        #expect((179..<181).contains(paused))
        // Two that follow each other, and nothing said of a new state: it runs from the first on.
        try await note("retried", job, pool, minutesAgo: 20)
        try await note("extended", job, pool, minutesAgo: 19)
        let seconds = try #require(try await jobs.progress(of: job)?.runningSeconds)
        #expect((179 + 1200..<181 + 1260).contains(seconds))
    }

    private func note(_ event: String, _ job: Job, _ pool: PostgresPool, minutesAgo: Int) async throws {
        _ = try await pool.run(
            Statement(
                "insert into events (job, event, at) values ($1, $2, now() - interval '\(minutesAgo) minutes')",
                [.int8(job.number.rawValue), .text(event)]))
    }

    @Test func `a job that is being cancelled says so until it is over`() async throws {
        let pool = try await Self.database.value
        let job = try await submitted(pool)
        let jobs = JobStore(pool: pool)
        try await note("cancelling", job, pool, minutesAgo: 2)
        #expect(try await jobs.progress(of: job)?.cancelling == nil)
        _ = try await pool.transact([
            Statement("update jobs set stopping = true where number = $1", [.int8(job.number.rawValue)]),
            Statement(
                "insert into events (job, event, detail) values ($1, 'cancelling', 'at once')",
                [.int8(job.number.rawValue)]),
        ])
        let cancelling = try #require(try await jobs.progress(of: job)?.cancelling)
        #expect(cancelling.detail == "at once" && (120..<180).contains(cancelling.seconds))
        #expect(try await jobs.list(states: [], limit: 100).first { $0.id == job.id }?.isStopping == true)
        try await become("cancelled", job, pool, minutesAgo: 0)
        #expect(try await jobs.progress(of: job)?.cancelling == nil)
        #expect(try await jobs.list(states: [], limit: 100).first { $0.id == job.id }?.isStopping == false)
    }

    @Test func `all that is told of a job is of one moment`() async throws {
        let pool = try await Self.database.value
        let job = try await submitted(pool)
        let (number, other) = (Parameter.int8(job.number.rawValue), try await Self.pool())
        let seen = try await other.withTransaction { transaction in
            // Counts are read before it, reasons after it.
            try await transaction.run(Statement("lock table failures in access exclusive mode"))
            try await transaction.run(
                Statement(
                    "insert into row_groups (job, ordinal, first_record, records, dropped) values ($1, 0, 0, 10, 1)",
                    [number]))
            try await transaction.run(
                Statement(
                    """
                    insert into records (storage, job, record, state, dropped_column, dropped_kind)
                    values (0, $1, 3, 'dropped', 0, 'timeout')
                    """, [number]))
            let reading = Task { try await JobStore(pool: pool).progress(of: job, drops: true) }
            try await eventually("the reader waits for the lock") {
                try await transaction.run(
                    Statement(
                        "select exists (select 1 from pg_locks where not granted and relation = 'failures'::regclass)"
                    ))[0].bool(0)
            }
            return reading
        }
        let progress = try #require(try await seen.value)
        #expect(progress.dropped == progress.drops.reduce(0) { $0 + $1.records })
        let later = try #require(try await JobStore(pool: pool).progress(of: job, drops: true))
        await other.close()
        #expect(later.dropped == 1 && later.drops.map(\.kind) == ["timeout"])
    }

    @Test func `a deleted job has no progress and no state`() async throws {
        let pool = try await Self.database.value
        let job = try await submitted(pool)
        _ = try await pool.run(Statement("delete from jobs where number = $1", [.int8(job.number.rawValue)]))
        #expect(try await JobStore(pool: pool).progress(of: job)?.completed == nil)
        #expect(try await JobStore(pool: pool).state(of: job.number) == nil)
    }
}
