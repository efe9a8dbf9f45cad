package import Postgres
import Scheduling

/// One complete record as it was stored.
package struct StoredRecord: Sendable {
    package let record: Int64
    /// Sampled and computed columns, a JSON object.
    package let fields: String
    /// Model columns, by column number.
    package let cells: [(column: Int, value: String, isJSON: Bool)]
}

/// A record that was dropped, or a cell in whose place a kept record holds null, with the last error.
package struct StoredDrop: Sendable {
    package let record: Int64
    package let column: String
    package let columnNumber: Int
    package let kind: String
    package let attempts: Int
    package let message: String
    package let worker: String
}

/// Reads what is finished, row group by row group, in record order and bounded memory.
package struct ExportReader: Sendable {
    package struct Group: Sendable {
        package let ordinal: Int
        package let records: Range<Int64>
        package let completed: Int
        /// A part of `completed`.
        package let withNulls: Int
    }

    private let pool: PostgresPool
    private let job: Job

    package init(pool: PostgresPool, job: Job) {
        self.pool = pool
        self.job = job
    }

    /// The finished row groups, in order.
    package func finishedGroups() async throws(PostgresError) -> [Group] {
        let rows = try await pool.run(
            Statement(
                """
                select ordinal, first_record, records, completed, completed_with_nulls from row_groups
                where job = $1 and state = 'finished' order by ordinal
                """, [.int8(job.number.rawValue)]))
        var groups: [Group] = []
        for row in rows {
            let first = try row.int64(1)
            groups.append(
                Group(
                    ordinal: Int(try row.int32(0)), records: first..<(first + Int64(try row.int32(2))),
                    completed: Int(try row.int32(3)), withNulls: Int(try row.int32(4))))
        }
        return groups
    }

    /// The complete records of a group, in order.
    package func records(of group: Group) async throws(PostgresError) -> [StoredRecord] {
        let key: [Parameter] = [
            .int4(job.storage), .int8(job.number.rawValue), .int8(group.records.lowerBound),
            .int8(group.records.upperBound),
        ]
        let results = try await pool.transact([
            Statement(
                """
                select record, fields from records where storage = $1 and job = $2 and record >= $3 and record < $4
                    and state = 'complete' order by record
                """, key),
            Statement(
                """
                select record, column_number, value, is_json from cells
                where storage = $1 and job = $2 and record >= $3 and record < $4 order by record, column_number
                """, key),
        ])
        var cells: [Int64: [(column: Int, value: String, isJSON: Bool)]] = [:]
        for row in results[1] {
            cells[try row.int64(0), default: []].append((Int(try row.int16(1)), try row.text(2), try row.bool(3)))
        }
        var records: [StoredRecord] = []
        records.reserveCapacity(results[0].count)
        for row in results[0] {
            let number = try row.int64(0)
            records.append(StoredRecord(record: number, fields: try row.text(1), cells: cells[number] ?? []))
        }
        return records
    }

    /// The dropped records, in order, at most `limit` from `record` on.
    package func drops(from record: Int64, limit: Int) async throws(PostgresError) -> [StoredDrop] {
        try Self.drops(
            try await pool.run(
                Statement(
                    """
                    select r.record, coalesce(c.name, ''), coalesce(r.dropped_column, -1)::integer,
                        coalesce(r.dropped_kind, ''), coalesce(f.attempt, 0)::integer, coalesce(f.message, ''),
                        coalesce(f.worker, '')
                    from records r
                    left join job_columns c on c.job = r.job and c.number = r.dropped_column
                    left join lateral (
                        select * from failures f where f.job = r.job and f.record = r.record
                            and f.column_number = r.dropped_column order by attempt desc limit 1) f on true
                    where r.storage = $1 and r.job = $2 and r.state = 'dropped' and r.record >= $3
                    order by r.record limit $4
                    """,
                    [.int4(job.storage), .int8(job.number.rawValue), .int8(record), .int8(Int64(limit))])))
    }

    /// The cells for which complete records hold null since they failed (`--keep-failed`), in order of record and
    /// column, at most `limit` after the one named. Looked for among the failures, which are few beside the cells; a
    /// computed column has no cell.
    package func nulls(
        after record: Int64, _ column: Int, limit: Int
    ) async throws(PostgresError) -> [StoredDrop] {
        try Self.drops(
            try await pool.run(
                Statement(
                    """
                    select f.record, coalesce(c.name, ''), f.column_number::integer, f.kind, f.attempt::integer,
                        f.message, f.worker
                    from failures f
                    left join cells v on v.storage = $1 and v.job = f.job and v.record = f.record
                        and v.column_number = f.column_number
                    join records r on r.storage = $1 and r.job = f.job and r.record = f.record and r.state = 'complete'
                    left join job_columns c on c.job = f.job and c.number = f.column_number
                    where f.job = $2 and (f.record, f.column_number::integer) > ($3, $4)
                        and coalesce(v.finish_reason, '\(StoredValue.givenUp)') = '\(StoredValue.givenUp)' and not exists (
                        select 1 from failures l where l.job = f.job and l.record = f.record
                            and l.column_number = f.column_number and l.attempt > f.attempt)
                    order by f.record, f.column_number limit $5
                    """,
                    [
                        .int4(job.storage), .int8(job.number.rawValue), .int8(record), .int4(Int32(column)),
                        .int8(Int64(limit)),
                    ])))
    }

    private static func drops(_ rows: Rows) throws(PostgresError) -> [StoredDrop] {
        var drops: [StoredDrop] = []
        for row in rows {
            drops.append(
                StoredDrop(
                    record: try row.int64(0), column: try row.text(1), columnNumber: Int(try row.int32(2)),
                    kind: try row.text(3), attempts: Int(try row.int32(4)), message: try row.text(5),
                    worker: try row.text(6)))
        }
        return drops
    }
}
