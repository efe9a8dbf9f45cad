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
        var storage: Int32 = 0
        if job.records > Self.largeJobRecords {
            storage = try await pool.run(Statement("select nextval('storage_numbers')::integer"))[0].int32(0)
        }
        let tables = storage == 0 ? [] : Self.storageTables(storage)
        let rows = try await pool.transact(
            [
                Statement(
                    """
                    insert into jobs (id, name, partition, storage, workflow, fingerprint, seed, generator_version,
                        requested, group_size, priority, salvage_max_rounds, max_parallel, run_config, keep_failed,
                        deadline_at, max_tokens, idempotency_key, seed_data)
                    select $1, $2, (abs(hashtext($1)::bigint) % (select count(*) from partitions))::smallint, $3, $4, $5,
                        $6, $7, $8, $9, $10, $11, $12, $13, $14, now() + $15 * interval '1 second', $16, $17, $18
                    returning number
                    """,
                    [
                        .text(job.id.rawValue), .text(job.name), .int4(storage), .text(job.workflow),
                        .text(job.fingerprint), .int8(Int64(bitPattern: job.seed)), .int2(Int16(job.generatorVersion)),
                        .int8(job.records), .int4(Int32(job.groupSize)), .int2(Int16(job.priority)),
                        .int2(Int16(job.salvageMaximumRounds)), .text(job.maximumParallel), .text(job.runConfig),
                        .bool(job.keepsFailed), .optional(job.deadline.map { $0 / .seconds(1) }),
                        .optional(job.maximumTokens), .optional(job.idempotencyKey), .optional(job.seedData),
                    ]),
                Statement(
                    """
                    insert into job_columns (job, number, name, kind, model)
                    select (select number from jobs where id = $1), (c.place - 1)::smallint, c.name, c.kind, c.model
                    from unnest($2::text[], $3::text[], $4::text[]) with ordinality as c (name, kind, model, place)
                    """,
                    [
                        .text(job.id.rawValue), .textArray(job.columns.map(\.name)),
                        .textArray(job.columns.map(\.kind)),
                        .textArray(job.columns.map(\.model)),
                    ]),
                Statement(
                    """
                    insert into job_files (job, name, hash)
                    select (select number from jobs where id = $1), f.name, f.hash
                    from unnest($2::text[], $3::bytea[]) as f (name, hash)
                    """,
                    [
                        .text(job.id.rawValue), .textArray(job.files.map(\.name)),
                        .bytesArray(job.files.map(\.hash)),
                    ]),
                Statement(
                    """
                    insert into events (job, event, detail)
                    select number, 'submitted', requested || ' records' from jobs where id = $1
                    """, [.text(job.id.rawValue)]),
                Statement(
                    "select pg_notify('tessera_jobs', number::text) from jobs where id = $1", [.text(job.id.rawValue)]),
            ] + tables)
        return JobNumber(rawValue: try rows[0][0].int64(0))
    }

    /// Keeps messages that nobody could read, for a person to look at.
    package func keep(_ letters: [DeadLetter]) async throws(PostgresError) {
        _ = try await pool.transact(letters.map(\.insert))
    }

    /// The tables of a large job: made with it, in one transaction. Apart and attached, so that the lock on the shared
    /// parent is short.
    private static func storageTables(_ number: Int32) -> [Statement] {
        ["cells", "records"].flatMap { table in
            [
                Statement(
                    "create table \(table)_\(number) (like \(table) including defaults including constraints)",
                    isPrepared: false),
                Statement(
                    "alter table \(table) attach partition \(table)_\(number) for values in (\(number))",
                    isPrepared: false),
            ]
        }
    }

    /// Jobs whose id begins with `prefix`, or whose name is `prefix`: those first, then the newest; 20 at most.
    package func find(_ prefix: String) async throws(PostgresError) -> [Job] {
        let rows = try await pool.run(
            Statement(
                """
                select \(Job.columns) from jobs where starts_with(id, upper($1)) or name = $1
                order by name = $1 desc, number desc limit 20
                """, [.text(prefix)]))
        return try Self.jobs(rows)
    }

    package func job(idempotencyKey: String) async throws(PostgresError) -> Job? {
        let rows = try await pool.run(
            Statement("select \(Job.columns) from jobs where idempotency_key = $1", [.text(idempotencyKey)]))
        return try Self.jobs(rows).first
    }

    package func job(_ number: JobNumber) async throws(PostgresError) -> Job? {
        let rows = try await pool.run(
            Statement("select \(Job.columns) from jobs where number = $1", [.int8(number.rawValue)]))
        return try Self.jobs(rows).first
    }

    /// Jobs that are not over, of every partition, whole.
    package func open() async throws(PostgresError) -> [Job] {
        try Self.jobs(
            try await pool.run(
                Statement(
                    "select \(Job.columns) from jobs where state in ('queued', 'running', 'waiting', 'paused') order by number"
                )))
    }

    /// Jobs that were given up lately: tasks of theirs may still be in queues, and are not worth a call.
    package func givenUp() async throws(PostgresError) -> [JobID] {
        let rows = try await pool.run(
            Statement(
                """
                select id from jobs where state in ('cancelled', 'failed') and ended_at > now() - interval '1 hour'
                order by ended_at desc limit 1000
                """))
        var ids: [JobID] = []
        for row in rows { ids.append(JobID(rawValue: try row.text(0))) }
        return ids
    }

    private static func jobs(_ rows: Rows) throws(PostgresError) -> [Job] {
        var jobs: [Job] = []
        for row in rows { jobs.append(try Job(row)) }
        return jobs
    }

    /// Stores a wish; the owner of the job's partition carries it out and answers.
    ///
    /// - Parameter arguments: a JSON object (docs/protocol.md, "Wishes").
    /// - Returns: the wish's id, for `answer(to:)`.
    package func wish(
        _ kind: String, _ arguments: String = "{}", for job: JobNumber
    ) async throws(PostgresError) -> Int64 {
        let rows = try await pool.transact([
            Statement(
                "insert into commands (job, kind, arguments) values ($1, $2, $3) returning id",
                [.int8(job.rawValue), .text(kind), .text(arguments)]),
            Statement("select pg_notify('tessera_jobs', $1)", [.text(String(job.rawValue))]),
        ])
        return try rows[0][0].int64(0)
    }

    /// What became of a wish.
    package struct Answer: Sendable {
        package let text: String
        /// It could not be carried out, as the text says.
        package let isRefused: Bool
    }

    /// Nil until the wish was carried out. The answer goes with the job where that is deleted.
    package func answer(to command: Int64) async throws(PostgresError) -> Answer? {
        let rows = try await pool.run(
            Statement(
                "select answer, refused from commands where id = $1 and done_at is not null", [.int8(command)]))
        guard let row = rows.first else { return nil }
        return Answer(text: try row.optionalText(0) ?? "", isRefused: try row.bool(1))
    }

    /// The encoded spec of a column by its hash; nil when no job has it.
    package func blob(hash: [UInt8]) async throws(PostgresError) -> [UInt8]? {
        let rows = try await pool.run(Statement("select body from blobs where hash = $1", [.bytes(hash)]))
        guard let row = rows.first else { return nil }
        return try row.bytes(0)
    }
}
