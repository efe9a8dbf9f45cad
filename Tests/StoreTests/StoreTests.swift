import Logging
import Messages
import Postgres
import Scheduling
import TestSupport
import Testing

@testable import Store

/// The tables, on a real PostgreSQL.
@Suite(.serialized) struct StoreTests {
    private static let database = Task { () async throws -> PostgresPool in
        let logger = Logger(label: "tests")
        let url = try DatabaseURL(try await TestServices.makeDatabase("store\(UInt32.random(in: 0 ... .max))"))
        let connection = PostgresConnection(url: url, applicationName: "tests", logger: logger)
        try await connection.connect()
        _ = try await Migrator(connection: connection).migrate(partitions: 1)
        await connection.close()
        return PostgresPool(url: url, size: 3, applicationName: "tests", logger: logger)
    }

    /// A job in partition 0 that this owner has, and its generation.
    private func owned(_ pool: PostgresPool, records: Int64 = 10) async throws -> (job: Job, generation: Int64) {
        var new = NewJob(
            id: JobID(milliseconds: 1, random: (.random(in: 0 ... .max), .random(in: 0 ... .max))),
            name: "n\(UInt64.random(in: 0 ... .max))", workflow: "{}", fingerprint: "f", seed: .max,
            generatorVersion: 1, records: records)
        new.columns = [.init(name: "a", kind: "sampler", model: ""), .init(name: "b", kind: "llm-text", model: "m")]
        let jobs = JobStore(pool: pool)
        let number = try await jobs.create(new)
        let leases = LeaseStore(pool: pool)
        _ = try await leases.renew("tests")
        let rows = try await pool.run(Statement("update partitions set owner = null where id = 0 returning generation"))
        #expect(rows.count == 1)
        let generation = try #require(try await leases.claim(0, for: "tests"))
        return (try #require(try await jobs.job(number)), generation)
    }

    private func commit(
        _ writes: TurnWrites, _ pool: PostgresPool, generation: Int64
    ) async throws -> [Rows] {
        try await pool.transact(writes.transaction(partition: 0, generation: generation).statements)
    }

    private func value(_ job: Job, _ record: Int64, _ text: String) -> StoredValue {
        StoredValue(
            storage: job.storage, cell: Cell(job: job.number, record: record, column: 1), text: text, isJSON: false,
            origin: .init(attempt: 1, worker: "w", inputTokens: 2, outputTokens: 3, callMilliseconds: 4))
    }

    @Test func `what an owner wrote is what the next one reads`() async throws {
        let pool = try await Self.database.value
        let (job, generation) = try await owned(pool)
        #expect(job.seed == .max)
        let number = DispatchNumber(generation: generation, sequence: 1)
        let sent = Sent(
            number: number, job: job.number, group: 0, column: 1, route: "p/m", records: [0, 1, 2, 3],
            attempts: [1, 1, 1, 2])
        var writes = TurnWrites()
        writes.admitted = [(JobGroup(job: job.number, group: 0), 0..<10)]
        writes.values = [value(job, 0, "zero"), value(job, 4, "ünï\u{1f600}")]
        writes.failures = [
            ChargedFailure(
                cell: Cell(job: job.number, record: 1, column: 1), attempt: 1, kind: "server", message: "500",
                httpStatus: 500, finishReason: "", worker: "w", retryAfter: .seconds(60))
        ]
        writes.drops = [
            DroppedRecord(
                storage: job.storage, cell: Cell(job: job.number, record: 5, column: 1), kind: "too_large")
        ]
        writes.log = [
            .sent(sent), .ended(number, job: job.number, group: 0, column: 1, records: [1], because: .answered),
            .confirmed(number, job: job.number, group: 0),
        ]
        writes.counts = [
            JobGroup(job: job.number, group: 0): RecordCounts(completed: 2, completedWithNulls: 0, dropped: 1)
        ]
        _ = try await commit(writes, pool, generation: generation)

        let partitions = PartitionStore(pool: pool)
        let stored = try #require(try await partitions.jobs(of: 0).first { $0.job.number == job.number })
        #expect(stored.active == [0] && stored.nextGroup == 1 && stored.finishedGroups == 0)
        let group = try await partitions.group(0, of: job, records: 0..<10)
        #expect(Set(group.values.map(\.text)) == ["zero", "ünï\u{1f600}"])
        #expect(group.recovered.dropped == [5])
        #expect(group.recovered.log == writes.log)
        let failure = try #require(group.recovered.failures.first)
        #expect(failure.record == 1 && failure.attempts == 1 && failure.forgiven == 0)
        #expect(failure.wait > .seconds(30) && failure.wait <= .seconds(60))
    }

    @Test func `an owner whose partition was taken writes nothing`() async throws {
        let pool = try await Self.database.value
        let (job, generation) = try await owned(pool)
        var writes = TurnWrites()
        writes.values = [value(job, 0, "late")]
        let error = await #expect(throws: PostgresError.self) {
            try await self.commit(writes, pool, generation: generation - 1)
        }
        #expect(error?.sqlState == SQLState("TE001"))
        #expect(try await PartitionStore(pool: pool).group(0, of: job, records: 0..<10).values.isEmpty)
    }

    @Test func `a cell keeps its first value, and the owner is told of a second`() async throws {
        let pool = try await Self.database.value
        let (job, generation) = try await owned(pool)
        var writes = TurnWrites()
        writes.values = [value(job, 0, "first")]
        _ = try await commit(writes, pool, generation: generation)
        writes.values = [value(job, 0, "second"), value(job, 1, "other")]
        let transaction = writes.transaction(partition: 0, generation: generation)
        let results = try await pool.transact(transaction.statements)
        #expect(results[try #require(transaction.valueInsert)].affectedCount == 1)
        let values = try await PartitionStore(pool: pool).group(0, of: job, records: 0..<10).values
        #expect(Set(values.map(\.text)) == ["first", "other"])
    }

    @Test func `what a job that is over still costs is counted, and what a deleted one costs is not`() async throws {
        let pool = try await Self.database.value
        let (job, generation) = try await owned(pool)
        var delta = UsageDelta()
        delta.calls = 2
        delta.wasted = 1
        delta.childDeaths = 3
        delta.outputTokens = 30
        var writes = TurnWrites()
        writes.usage = [JobColumn(job: job.number, column: 1): delta]
        writes.lateUsage = [
            EndedJobColumn(job: job.id, column: 1): delta,
            EndedJobColumn(job: JobID(rawValue: "gone"), column: 1): delta,
        ]
        _ = try await commit(writes, pool, generation: generation)
        let row = try await pool.run(
            Statement(
                "select calls, wasted, output_tokens from usage where job = $1", [.int8(job.number.rawValue)]))
        #expect(row.count == 1)
        #expect(try row[0].int64(0) == 4 && row[0].int64(1) == 2 && row[0].int64(2) == 60)
        let progress = try #require(try await JobStore(pool: pool).progress(of: job))
        #expect(progress.columns.map(\.childDeaths) == [0, 6], "deaths are shown beside what is wasted")
        #expect(progress.columns.map(\.wasted) == [0, 2])
        #expect(progress.columns.map(\.outputTokens) == [0, 60])
    }

    @Test func `of many values the one that the database refuses is found`() async throws {
        let pool = try await Self.database.value
        let (job, _) = try await owned(pool)
        var values = (0..<9).map { value(job, $0, "fine") }
        values[6] = value(job, 6, "refused")
        // Stands for whatever PostgreSQL may have against a value: class 23, as a limit of a user's own would be.
        _ = try await pool.run(
            Statement("alter table cells add constraint picky check (value <> 'refused')", isPrepared: false))
        let guilty = try await PartitionStore(pool: pool).unstorable(among: values)
        #expect(Array(guilty.keys) == [values[6].cell])
        #expect(try await PartitionStore(pool: pool).group(0, of: job, records: 0..<10).values.isEmpty)
    }

    @Test func `a large job has tables of its own, which go with it`() async throws {
        let pool = try await Self.database.value
        let (job, generation) = try await owned(pool, records: JobStore.largeJobRecords + 1)
        #expect(job.storage > 0)
        var writes = TurnWrites()
        writes.values = [value(job, 0, "there")]
        _ = try await commit(writes, pool, generation: generation)
        let table = Statement("select to_regclass($1)::text", [.text("cells_\(job.storage)")])
        #expect(try await pool.run(table)[0].optionalText(0) != nil)
        // A removal that was interrupted: somebody reads, and whoever waits for him gives up.
        try await pool.withTransaction { transaction in
            _ = try await transaction.run(Statement("select count(*) from cells"))
            try await pool.withConnection { other in
                _ = try await other.run(Statement("set statement_timeout = 200"))
                await #expect(throws: PostgresError.self) {
                    try await other.run(
                        Statement(
                            "alter table cells detach partition cells_\(job.storage) concurrently", isPrepared: false))
                }
                _ = try await other.run(Statement("set statement_timeout = default"))
            }
        }
        var end = TurnWrites()
        end.changes = [.delete(job)]
        _ = try await commit(end, pool, generation: generation)
        try await JobStore(pool: pool).removeUnused()
        #expect(try await pool.run(table)[0].optionalText(0) == nil)
        #expect(try await pool.run(Statement("select 1 from removals where kind = 'storage'")).isEmpty)
        try await JobStore(pool: pool).removeUnused()
    }

    @Test func `a finished row group keeps its records and forgets its log`() async throws {
        let pool = try await Self.database.value
        let (job, generation) = try await owned(pool)
        let key = JobGroup(job: job.number, group: 0)
        var writes = TurnWrites()
        writes.admitted = [(key, 0..<10)]
        writes.log = [.confirmed(DispatchNumber(generation: generation, sequence: 1), job: job.number, group: 0)]
        writes.values = [value(job, 0, "zero"), value(job, 2, "two")]
        _ = try await commit(writes, pool, generation: generation)
        var end = TurnWrites()
        end.counts = [key: RecordCounts(completed: 2, completedWithNulls: 0, dropped: 0)]
        end.finished = [
            FinishedGroup(
                job: job.number, storage: job.storage, group: 0,
                complete: [(0, #"{"a": 1}"#), (2, #"{"a": 2}"#)], cancelled: [1])
        ]
        end.states = [(job.number, .completed, "")]
        _ = try await commit(end, pool, generation: generation)
        let reader = ExportReader(pool: pool, job: job)
        let groups = try await reader.finishedGroups()
        #expect(groups.map(\.completed) == [2])
        let records = try await reader.records(of: try #require(groups.first))
        #expect(records.map(\.record) == [0, 2])
        #expect(records.map(\.cells.first?.value) == ["zero", "two"])
        #expect(try await PartitionStore(pool: pool).group(0, of: job, records: 0..<10).recovered.log.isEmpty)
        let again = try #require(try await JobStore(pool: pool).job(job.number))
        #expect(again.state == .completed)
    }

    @Test func `what a retry opens again waits to be taken in hand, and goes with a job that is cancelled`()
        async throws
    {
        let pool = try await Self.database.value
        let (job, generation) = try await owned(pool, records: 20)
        let keys = (0..<2).map { JobGroup(job: job.number, group: $0) }
        var writes = TurnWrites()
        writes.admitted = [(keys[0], 0..<10), (keys[1], 10..<20)]
        for record: Int64 in [3, 4, 13] {
            writes.drops.append(
                DroppedRecord(
                    storage: job.storage, cell: Cell(job: job.number, record: record, column: 1), kind: "server"))
        }
        writes.failures = [
            ChargedFailure(
                cell: Cell(job: job.number, record: 3, column: 1), attempt: 1, kind: "server", message: "500",
                httpStatus: 500, finishReason: "", worker: "w", retryAfter: nil)
        ]
        writes.counts = [
            keys[0]: RecordCounts(completed: 8, completedWithNulls: 0, dropped: 2),
            keys[1]: RecordCounts(completed: 9, completedWithNulls: 0, dropped: 1),
        ]
        writes.finished = keys.map { key in
            let records = key.group == 0 ? 0..<10 : 10..<20
            return FinishedGroup(
                job: job.number, storage: job.storage, group: key.group,
                complete: records.filter { ![3, 4, 13].contains($0) }.map { (Int64($0), "{}") })
        }
        writes.states = [(job.number, .completed, "")]
        _ = try await commit(writes, pool, generation: generation)

        var wish = TurnWrites()
        let number = try await JobStore(pool: pool).wish("retry", for: job.number)
        wish.changes = [.retry(job, kinds: [], records: [], wish: number)]
        wish.answeredCommands = [(number, "", false)]
        _ = try await commit(wish, pool, generation: generation)
        let partitions = PartitionStore(pool: pool)
        func stored() async throws -> StoredJob? {
            try await partitions.jobs(of: 0).first { $0.job.number == job.number }
        }
        let open = try #require(try await stored())
        #expect(open.job.state == .running && open.active.isEmpty && open.reopened == [0, 1])
        #expect(open.finishedGroups == 0 && open.nextGroup == 2)
        #expect(try await ExportReader(pool: pool, job: job).finishedGroups().isEmpty)

        var taken = TurnWrites()
        taken.takenInHand = [keys[0]]
        _ = try await commit(taken, pool, generation: generation)
        #expect(try await stored()?.active == [0])
        #expect(try await stored()?.reopened == [1])
        let rows = try await pool.run(Statement("select answer from commands where id = $1", [.int8(number)]))
        #expect(try rows[0].optionalText(0) == "3 dropped records are tried again")
        // A second wish leaves what is in hand there.
        _ = try await commit(wish, pool, generation: generation)
        #expect(try await stored()?.active == [0])
        let failures = try await partitions.group(0, of: job, records: 0..<10).recovered.failures
        #expect(failures.map(\.forgiven) == [1])

        var end = TurnWrites()
        end.abandoned = [(job.number, job.storage)]
        end.finished = [
            FinishedGroup(job: job.number, storage: job.storage, group: 0, complete: [], cancelled: [3, 4])
        ]
        end.states = [(job.number, .cancelled, "")]
        _ = try await commit(end, pool, generation: generation)
        let sums = try await pool.run(
            Statement(
                """
                select sum(completed)::bigint, sum(dropped)::bigint, sum(cancelled)::bigint from row_groups
                where job = $1 and state = 'finished'
                """, [.int8(job.number.rawValue)]))
        #expect(try sums[0].int64(0) == 17 && sums[0].int64(1) == 0 && sums[0].int64(2) == 3)
        let cancelled = try await pool.run(
            Statement(
                "select record from records where storage = $1 and job = $2 and state = 'cancelled' order by 1",
                [.int4(job.storage), .int8(job.number.rawValue)]))
        #expect(try cancelled.map { try $0.int64(0) } == [3, 4, 13])
    }

    @Test func `a retry of a paused job says that it stays paused`() async throws {
        let pool = try await Self.database.value
        let (job, generation) = try await owned(pool)
        var writes = TurnWrites()
        writes.admitted = [(JobGroup(job: job.number, group: 0), 0..<10)]
        writes.drops = [
            DroppedRecord(
                storage: job.storage, cell: Cell(job: job.number, record: 3, column: 1), kind: "server")
        ]
        writes.states = [(job.number, .paused, "early_shutdown")]
        _ = try await commit(writes, pool, generation: generation)
        var wish = TurnWrites()
        let jobs = JobStore(pool: pool)
        let number = try await jobs.wish("retry", for: job.number)
        wish.changes = [.retry(job, kinds: [], records: [], wish: number)]
        wish.answeredCommands = [(number, "", false)]
        _ = try await commit(wish, pool, generation: generation)
        #expect(
            try await jobs.answer(to: number)?.text
                == "1 dropped records are tried again; it is paused: coordinator resume \(job.id.short)")
    }

    @Test func `a job is found by its short name behind any number of ids that begin with it`() async throws {
        let pool = try await Self.database.value
        let jobs = JobStore(pool: pool)
        func create(_ name: String) async throws -> JobNumber {
            try await jobs.create(
                NewJob(
                    id: JobID(milliseconds: 1, random: (.random(in: 0 ... .max), .random(in: 0 ... .max))), name: name,
                    workflow: "{}", fingerprint: "f", seed: 1, generatorVersion: 1, records: 1))
        }
        let named = try await create("00")
        for _ in 0..<21 { _ = try await create("n\(UInt64.random(in: 0 ... .max))") }
        #expect(try await jobs.find("00").first?.number == named)
    }
}
