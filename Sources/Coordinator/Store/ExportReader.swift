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

/// A record that was dropped, with its last error.
package struct StoredDrop: Sendable {
    package let record: Int64
    package let column: String
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
                select ordinal, first_record, records, completed from row_groups
                where job = $1 and state = 'finished' order by ordinal
                """, [.int8(job.number.rawValue)]))
        var groups: [Group] = []
        for row in rows {
            let first = try row.int64(1)
            groups.append(
                Group(
                    ordinal: Int(try row.int32(0)), records: first..<(first + Int64(try row.int32(2))),
                    completed: Int(try row.int32(3))))
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
        let rows = try await pool.run(
            Statement(
                """
                select r.record, coalesce(c.name, ''), coalesce(r.dropped_kind, ''), coalesce(f.attempt, 0)::integer,
                    coalesce(f.message, ''), coalesce(f.worker, '')
                from records r
                left join job_columns c on c.job = r.job and c.number = r.dropped_column
                left join lateral (
                    select * from failures f where f.job = r.job and f.record = r.record
                        and f.column_number = r.dropped_column order by attempt desc limit 1) f on true
                where r.storage = $1 and r.job = $2 and r.state = 'dropped' and r.record >= $3
                order by r.record limit $4
                """,
                [.int4(job.storage), .int8(job.number.rawValue), .int8(record), .int8(Int64(limit))]))
        var drops: [StoredDrop] = []
        for row in rows {
            drops.append(
                StoredDrop(
                    record: try row.int64(0), column: try row.text(1), kind: try row.text(2),
                    attempts: Int(try row.int32(3)), message: try row.text(4), worker: try row.text(5)))
        }
        return drops
    }
}
