package import Postgres
package import Scheduling

/// One line of `coordinator list`.
package struct JobSummary: Sendable {
    package let id: JobID
    package let name: String
    package let state: JobState
    package let reason: String
    package let requested: Int64
    package let completed: Int64
    package let dropped: Int64
    /// Since it was submitted.
    package let ageSeconds: Double
    /// A cancel is under way.
    package let isStopping: Bool
}

/// One entry of a job's timeline.
package struct JobEvent: Sendable {
    /// Grows with each event of any job.
    package let number: Int64
    /// UTC, RFC 3339.
    package let at: String
    package let event: String
    package let detail: String
}

/// Charged attempts that have something in common.
package struct FailureGroup: Sendable {
    /// The kind, column or model they share.
    package let key: String
    package let attempts: Int64
    package let records: Int64
    /// Records that were dropped by one of them.
    package let dropped: Int64
    /// The most frequent message.
    package let message: String
}

/// What failures are grouped by.
package enum FailureGrouping: String, Sendable, CaseIterable {
    case reason, column, model

    fileprivate var expression: String {
        switch self {
        case .reason: "f.kind"
        case .column: "coalesce(c.name, '')"
        case .model: "coalesce(c.model, '')"
        }
    }
}

extension JobStore {
    /// The newest jobs first; of these states, or all where there is none.
    package func list(states: [JobState], limit: Int) async throws(PostgresError) -> [JobSummary] {
        let rows = try await pool.run(
            Statement(
                """
                select j.id, j.name, j.state, j.reason, j.requested, coalesce(g.completed, 0), coalesce(g.dropped, 0),
                    extract(epoch from clock_timestamp() - j.created_at)::float8,
                    j.stopping and j.state in ('queued', 'running', 'waiting', 'paused')
                from (
                    select * from jobs where cardinality($1::text[]) = 0 or state = any($1) order by number desc limit $2
                ) j
                left join lateral (
                    select sum(completed)::bigint as completed, sum(dropped)::bigint as dropped from row_groups
                    where job = j.number
                ) g on true
                order by j.number desc
                """, [.textArray(states.map(\.rawValue)), .int8(Int64(limit))]))
        var list: [JobSummary] = []
        for row in rows {
            list.append(
                JobSummary(
                    id: JobID(rawValue: try row.text(0)), name: try row.text(1),
                    state: JobState(rawValue: try row.text(2)) ?? .failed, reason: try row.text(3),
                    requested: try row.int64(4), completed: try row.int64(5), dropped: try row.int64(6),
                    ageSeconds: try row.double(7), isStopping: try row.bool(8)))
        }
        return list
    }

    /// What the newest jobs are called.
    package func names(limit: Int) async throws(PostgresError) -> [String] {
        var names: [String] = []
        for row in try await pool.run(
            Statement("select name from jobs order by number desc limit $1", [.int8(Int64(limit))]))
        {
            names.append(try row.text(0))
        }
        return names
    }

    /// The job's timeline after an event, in order.
    package func events(of job: JobNumber, after number: Int64) async throws(PostgresError) -> [JobEvent] {
        let rows = try await pool.run(
            Statement(
                """
                select number, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), event, detail
                from events where job = $1 and number > $2 order by number limit 1000
                """, [.int8(job.rawValue), .int8(number)]))
        var events: [JobEvent] = []
        for row in rows {
            events.append(
                JobEvent(
                    number: try row.int64(0), at: try row.text(1), event: try row.text(2), detail: try row.text(3)))
        }
        return events
    }

    /// The ledger of a job in groups, the largest first.
    package func failures(
        of job: JobNumber, by grouping: FailureGrouping, limit: Int
    ) async throws(PostgresError) -> [FailureGroup] {
        let rows = try await pool.run(
            Statement(
                """
                select \(grouping.expression), count(*), count(distinct f.record),
                    count(*) filter (where r.dropped_column = f.column_number and f.retry_at is null
                        and not f.forgiven),
                    mode() within group (order by f.message)
                from failures f join jobs j on j.number = f.job
                left join job_columns c on c.job = f.job and c.number = f.column_number
                left join records r on r.storage = j.storage and r.job = f.job and r.record = f.record
                    and r.state = 'dropped'
                where f.job = $1 group by 1 order by 2 desc limit $2
                """, [.int8(job.rawValue), .int8(Int64(limit))]))
        var groups: [FailureGroup] = []
        for row in rows {
            groups.append(
                FailureGroup(
                    key: try row.text(0), attempts: try row.int64(1), records: try row.int64(2),
                    dropped: try row.int64(3), message: try row.text(4)))
        }
        return groups
    }
}
