package import Postgres
package import Scheduling

/// Jobs as clients see them: submitted, found, watched, wished upon. Cells and records change only by their
/// partition's owner.
package struct JobStore: Sendable {
    /// Jobs above this many records get tables of their own, which go in one piece when the job is deleted.
    package static let largeJobRecords: Int64 = 10_000

    let pool: PostgresPool

    package init(pool: PostgresPool) { self.pool = pool }

    /// Stores a job; its partition's owner is told.
    ///
    /// - Throws: `uniqueViolation` when the name is taken.
    package func create(_ job: NewJob) async throws(PostgresError) -> JobNumber {
        let storage = job.records > Self.largeJobRecords ? try await makeStorage() : 0
        let rows = try await pool.transact([
            Statement(
                """
                insert into jobs (id, name, partition, storage, workflow, fingerprint, seed, generator_version,
                    requested, group_size, priority, salvage_max_rounds, max_parallel, seed_data)
                select $1, $2, (abs(hashtext($1)::bigint) % (select count(*) from partitions))::smallint, $3, $4, $5,
                    $6, $7, $8, $9, $10, $11, $12, $13
                returning number
                """,
                [
                    .text(job.id.rawValue), .text(job.name), .int4(storage), .text(job.workflow),
                    .text(job.fingerprint), .int8(Int64(bitPattern: job.seed)), .int2(Int16(job.generatorVersion)),
                    .int8(job.records), .int4(Int32(job.groupSize)), .int2(Int16(job.priority)),
                    .int2(Int16(job.salvageMaximumRounds)), .text(job.maximumParallel),
                    job.seedData.map { .bytes($0) } ?? .null,
                ]),
            Statement(
                """
                insert into job_columns (job, number, name, kind, model)
                select (select number from jobs where id = $1), (c.place - 1)::smallint, c.name, c.kind, c.model
                from unnest($2::text[], $3::text[], $4::text[]) with ordinality as c (name, kind, model, place)
                """,
                [
                    .text(job.id.rawValue), .textArray(job.columns.map(\.name)), .textArray(job.columns.map(\.kind)),
                    .textArray(job.columns.map(\.model)),
                ]),
            Statement(
                """
                insert into events (job, event, detail)
                select number, 'submitted', requested || ' records' from jobs where id = $1
                """, [.text(job.id.rawValue)]),
            Statement(
                "select pg_notify('tessera_jobs', number::text) from jobs where id = $1", [.text(job.id.rawValue)]),
        ])
        return JobNumber(rawValue: try rows[0][0].int64(0))
    }

    /// Keeps messages that nobody could read, for a person to look at.
    package func keep(deadLetters: [(reason: String, routingKey: String, body: [UInt8])]) async throws(PostgresError) {
        var writes = TurnWrites()
        writes.deadLetters = deadLetters
        _ = try await pool.transact(writes.deadLetterInserts)
    }

    private func makeStorage() async throws(PostgresError) -> Int32 {
        let rows = try await pool.run(Statement("select nextval('storage_numbers')"))
        let number = Int32(try rows[0].int64(0))
        // Made apart and attached: the lock on the shared parent is then short.
        _ = try await pool.transact(
            ["cells", "records"].flatMap { table in
                [
                    Statement(
                        "create table \(table)_\(number) (like \(table) including defaults including constraints)",
                        isPrepared: false),
                    Statement(
                        "alter table \(table) attach partition \(table)_\(number) for values in (\(number))",
                        isPrepared: false),
                ]
            })
        return number
    }

    /// Jobs whose id begins with `prefix`, or whose name is `prefix`, newest first.
    package func find(_ prefix: String) async throws(PostgresError) -> [Job] {
        let rows = try await pool.run(
            Statement(
                "select \(Job.columns) from jobs where starts_with(id, upper($1)) or name = $1 order by number desc limit 20",
                [.text(prefix)]))
        return try Self.jobs(rows)
    }

    package func job(_ number: JobNumber) async throws(PostgresError) -> Job? {
        let rows = try await pool.run(
            Statement("select \(Job.columns) from jobs where number = $1", [.int8(number.rawValue)]))
        return try Self.jobs(rows).first
    }

    /// Jobs that are not over, of every partition.
    package func open() async throws(PostgresError) -> [Job] {
        try Self.jobs(
            try await pool.run(
                Statement(
                    "select \(Job.columns) from jobs where state in ('queued', 'running', 'waiting', 'paused') order by number"
                )))
    }

    private static func jobs(_ rows: Rows) throws(PostgresError) -> [Job] {
        var jobs: [Job] = []
        for row in rows { jobs.append(try Job(row)) }
        return jobs
    }

    /// Stores a wish; the owner of the job's partition carries it out and answers.
    ///
    /// - Returns: the wish's id, for `answer(to:)`.
    package func wish(_ kind: String, for job: JobNumber) async throws(PostgresError) -> Int64 {
        let rows = try await pool.transact([
            Statement(
                "insert into commands (job, kind) values ($1, $2) returning id", [.int8(job.rawValue), .text(kind)]),
            Statement("select pg_notify('tessera_jobs', $1)", [.text(String(job.rawValue))]),
        ])
        return try rows[0][0].int64(0)
    }

    /// Nil until the wish was carried out.
    package func answer(to command: Int64) async throws(PostgresError) -> String? {
        let rows = try await pool.run(
            Statement("select answer from commands where id = $1 and done_at is not null", [.int8(command)]))
        guard let row = rows.first else { return nil }
        return try row.optionalText(0) ?? ""
    }

    /// The encoded spec of a column by its hash; nil when no job has it.
    package func blob(hash: [UInt8]) async throws(PostgresError) -> [UInt8]? {
        let rows = try await pool.run(Statement("select body from blobs where hash = $1", [.bytes(hash)]))
        guard let row = rows.first else { return nil }
        return try row.bytes(0)
    }
}
