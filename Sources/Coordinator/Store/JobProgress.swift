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

    /// A cancel that is under way.
    package struct Cancelling: Sendable {
        /// What becomes of its calls.
        package let detail: String
        /// Since it was asked for.
        package let seconds: Double
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
    package let elapsedSeconds: Double
    /// The part of it in which the job was `running`: not paused, waiting, or over before it was tried again.
    package let runningSeconds: Double
    /// Of a job that is being cancelled.
    package let cancelling: Cancelling?
    /// Why records were dropped, most frequent first; empty where it was not asked for.
    package let drops: [DropReason]

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
    /// several times a second. All of it is of one moment.
    ///
    /// - Parameters:
    ///   - job: as it was read before.
    ///   - columns: what its columns came to is read, too.
    ///   - drops: so is why records were dropped: of a large job this takes a while.
    /// - Returns: nil when it was deleted.
    package func progress(
        of job: Job, columns: Bool = true, drops: Bool = false
    ) async throws(PostgresError) -> JobProgress? {
        let key: [Parameter] = [.int8(job.number.rawValue)]
        let results = try await atOneMoment(
            [Statement(Self.changing, key), Statement(Self.sums, key)]
                + (columns ? [Statement(Self.columnUsage, key)] : [])
                + (drops ? [Statement(Self.dropReasons, [.int4(job.storage)] + key)] : []))
        guard let row = results[0].first, let sums = results[1].first else { return nil }
        var job = job
        job.state = JobState(rawValue: try row.text(0)) ?? .failed
        job.reason = try row.text(1)
        job.isStopping = try row.bool(2)
        job.requested = try row.int64(3)
        job.formerEnds = try row.int8Array(4)
        job.maximumParallel = try row.text(5)
        job.priority = Int(try row.int16(8))
        job.secondsLeft = try row.optionalDouble(9)
        job.maximumTokens = try row.optionalInt64(10)
        // What a cancelled job never admitted is cancelled with it.
        let never = job.state == .cancelled ? job.requested - (try sums.int64(3)) : 0
        return JobProgress(
            job: job, heldSeconds: try row.optionalDouble(7), completed: try sums.int64(0),
            completedWithNulls: try sums.int64(4), dropped: try sums.int64(1), cancelled: try sums.int64(2) + never,
            columns: columns ? try Self.columns(results[2]) : [], elapsedSeconds: try row.double(6),
            runningSeconds: try row.double(11), cancelling: try Self.cancelling(job, row),
            drops: drops ? try Self.dropReasons(results[results.count - 1]) : [])
    }

    private static func cancelling(_ job: Job, _ row: Row) throws(PostgresError) -> JobProgress.Cancelling? {
        guard job.isStopping, !job.state.isEnded else { return nil }
        return .init(detail: try row.optionalText(12) ?? "", seconds: try row.optionalDouble(13) ?? 0)
    }

    /// Otherwise each statement would see what was committed before it, and counts would not agree.
    private func atOneMoment(_ statements: [Statement]) async throws(PostgresError) -> [Rows] {
        do {
            return try await pool.withTransaction(begin: "begin isolation level repeatable read read only") {
                try await $0.transact(statements)
            }
        } catch let error as PostgresError {
            throw error
        } catch {
            throw PostgresError(.statementFailed, "\(error)")
        }
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
                    select max(o.number) from events o where o.job = j.number and o.event <> j.state
                        and o.event in (\(states))), 0)
            ) end,
            j.priority, extract(epoch from j.deadline_at - clock_timestamp())::float8, j.max_tokens,
            (\(running)), c.detail, extract(epoch from clock_timestamp() - c.since)::float8
        from jobs j left join lateral (
            select (array_agg(detail order by number desc))[1] as detail, min(at) as since from events
            where j.stopping and job = j.number and event = 'cancelling'
        ) c on true
        where j.number = $1
        """

    private static let states = JobState.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")

    /// The sum of the times between events in which the job ran. A completed job runs again when it is retried or
    /// extended; any other goes on as it was.
    private static let running = """
        select coalesce(sum(extract(epoch from coalesce(next, clock_timestamp()) - at)), 0)::float8
        from (
            select at, event, next, first_value(event) over (partition by stretch order by number) as state
            from (
                select number, at, event, lead(at) over (order by number) as next,
                    count(*) filter (where event in (\(states))) over (order by number) as stretch
                from events where job = $1 and event in (\(states), 'retried', 'extended')
            ) told
        ) spans
        where state = 'running' or (state = 'completed' and event in ('retried', 'extended'))
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

    private static let dropReasons = """
        select coalesce(c.name, ''), r.dropped_kind, count(*),
            coalesce(substr(max((to_char(f.failed_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS') || f.message)
                collate "C"), 21), '')
        from records r
        left join job_columns c on c.job = r.job and c.number = r.dropped_column
        left join failures f on f.job = r.job and f.record = r.record and f.column_number = r.dropped_column
            and f.retry_at is null and not f.forgiven
        where r.storage = $1 and r.job = $2 and r.state = 'dropped'
        group by 1, 2 order by 3 desc
        """

    private static func dropReasons(_ rows: Rows) throws(PostgresError) -> [DropReason] {
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
