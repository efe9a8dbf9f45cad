package import Postgres
package import Scheduling

/// One job's counts. They always sum: what is neither completed, dropped nor cancelled is pending.
package struct JobProgress: Sendable {
    package struct Column: Sendable {
        package let name: String
        package let kind: String
        package let model: String
        package let stored: Int64
        package let calls: Int64
        package let failed: Int64
        package let wasted: Int64
        /// How often a child process of a worker died with a cell of it, counted by cell.
        package let childDeaths: Int64
        package let inputTokens: Int64
        package let outputTokens: Int64
    }

    package let job: Job
    /// How long it has been `waiting` or `paused`; nil in any other state.
    package let heldSeconds: Double?
    package let completed: Int64
    /// A part of `completed`.
    package let completedWithNulls: Int64
    package let dropped: Int64
    package let cancelled: Int64
    /// Empty where they were not asked for.
    package let columns: [Column]
    /// Since the job began, until now or its end; zero before.
    package let runningSeconds: Double

    package var pending: Int64 { job.requested - completed - dropped - cancelled }
}

/// Records dropped for one reason.
package struct DropReason: Sendable {
    package let column: String
    package let kind: String
    package let records: Int64
    package let lastMessage: String
}

extension JobStore {
    /// How far the job is now. What never changes of it, such as its workflow, is not read again: this may be asked
    /// several times a second.
    ///
    /// - Parameters:
    ///   - job: as it was read before.
    ///   - columns: what its columns came to is read, too.
    /// - Returns: nil when it was deleted.
    package func progress(of job: Job, columns: Bool = true) async throws(PostgresError) -> JobProgress? {
        let key: [Parameter] = [.int8(job.number.rawValue)]
        let results = try await pool.transact(
            [Statement(Self.changing, key), Statement(Self.sums, key)]
                + (columns ? [Statement(Self.columnUsage, key)] : []))
        guard let row = results[0].first, let sums = results[1].first else { return nil }
        var job = job
        job.state = JobState(rawValue: try row.text(0)) ?? .failed
        job.reason = try row.text(1)
        job.isStopping = try row.bool(2)
        job.requested = try row.int64(3)
        job.formerEnds = try row.int8Array(4)
        job.maximumParallel = try row.text(5)
        // What a cancelled job never admitted is cancelled with it.
        let never = job.state == .cancelled ? job.requested - (try sums.int64(3)) : 0
        return JobProgress(
            job: job, heldSeconds: try row.optionalDouble(7), completed: try sums.int64(0),
            completedWithNulls: try sums.int64(4), dropped: try sums.int64(1), cancelled: try sums.int64(2) + never,
            columns: columns ? try Self.columns(results[2]) : [], runningSeconds: try row.double(6))
    }

    /// The job's state alone; nil when it was deleted.
    package func state(of number: JobNumber) async throws(PostgresError) -> JobState? {
        let rows = try await pool.run(Statement("select state from jobs where number = $1", [.int8(number.rawValue)]))
        guard let row = rows.first else { return nil }
        return JobState(rawValue: try row.text(0)) ?? .failed
    }

    /// What may change of a job while somebody follows it. It is held since the first event of its state after those of
    /// all others: what it waits for may be told in other words.
    private static let changing = """
        select j.state, j.reason, j.stopping, j.requested, j.former_ends, j.max_parallel,
            coalesce(extract(epoch from coalesce(j.ended_at, clock_timestamp()) - j.started_at), 0)::float8,
            case when j.state in ('waiting', 'paused') then (
                select extract(epoch from clock_timestamp() - min(e.at))::float8 from events e
                where e.job = j.number and e.event = j.state and e.number > coalesce((
                    select max(o.number) from events o where o.job = j.number and o.event <> j.state and o.event in (
                        \(JobState.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")))), 0)
            ) end
        from jobs j where j.number = $1
        """

    private static let sums = """
        select coalesce(sum(completed), 0)::bigint, coalesce(sum(dropped), 0)::bigint,
            coalesce(sum(cancelled), 0)::bigint, coalesce(sum(records), 0)::bigint,
            coalesce(sum(completed_with_nulls), 0)::bigint
        from row_groups where job = $1
        """

    private static let columnUsage = """
        select c.name, c.kind, c.model, coalesce(u.stored, 0), coalesce(u.calls, 0), coalesce(u.failed, 0),
            coalesce(u.wasted, 0), coalesce(u.child_deaths, 0), coalesce(u.input_tokens, 0),
            coalesce(u.output_tokens, 0)
        from job_columns c left join usage u on u.job = c.job and u.column_number = c.number
        where c.job = $1 order by c.number
        """

    private static func columns(_ rows: Rows) throws(PostgresError) -> [JobProgress.Column] {
        var columns: [JobProgress.Column] = []
        for row in rows {
            columns.append(
                .init(
                    name: try row.text(0), kind: try row.text(1), model: try row.text(2), stored: try row.int64(3),
                    calls: try row.int64(4), failed: try row.int64(5), wasted: try row.int64(6),
                    childDeaths: try row.int64(7), inputTokens: try row.int64(8), outputTokens: try row.int64(9)))
        }
        return columns
    }

    /// Why records of the job were dropped, most frequent first.
    package func dropReasons(of job: Job) async throws(PostgresError) -> [DropReason] {
        let rows = try await pool.run(
            Statement(
                """
                select coalesce(c.name, ''), r.dropped_kind, count(*),
                    coalesce((array_agg(f.message order by f.failed_at desc))[1], '')
                from records r
                left join job_columns c on c.job = r.job and c.number = r.dropped_column
                left join failures f on f.job = r.job and f.record = r.record and f.column_number = r.dropped_column
                    and f.retry_at is null and not f.forgiven
                where r.storage = $1 and r.job = $2 and r.state = 'dropped'
                group by 1, 2 order by 3 desc
                """, [.int4(job.storage), .int8(job.number.rawValue)]))
        var reasons: [DropReason] = []
        for row in rows {
            reasons.append(
                DropReason(
                    column: try row.text(0), kind: try row.text(1), records: try row.int64(2),
                    lastMessage: try row.text(3)))
        }
        return reasons
    }
}
