import Messages
package import Postgres
package import Scheduling

/// A value that an active row group has already.
package struct RecoveredValue: Sendable {
    package let record: Int64
    package let column: Int
    package let text: String
    package let isJSON: Bool
}

/// An active row group as the database has it.
package struct StoredGroup: Sendable {
    package var recovered: RecoveredGroup
    package var values: [RecoveredValue]
}

/// A job that is not over, with how far it is.
package struct StoredJob: Sendable {
    package let job: Job
    package let active: [Int]
    /// Row groups that a retry opened again, in nobody's hand.
    package let reopened: [Int]
    package let finishedGroups: Int
    /// The first row group that was never admitted.
    package let nextGroup: Int
    /// Input and output tokens of all its calls so far.
    package let tokens: Int64
    package let openCommands: [OpenCommand]
}

/// A client's wish that the owner has not carried out.
package struct OpenCommand: Sendable {
    package let id: Int64
    package let kind: String
    /// A JSON object.
    package let arguments: String
}

extension PartitionStore {
    /// The jobs of a partition that are not over, or of which something is wished, in the order they came.
    package func jobs(of partition: Int) async throws(PostgresError) -> [StoredJob] {
        let results = try await pool.transact([
            Statement(
                """
                select \(Job.columns) from jobs where partition = $1 and (
                    state in ('queued', 'running', 'waiting', 'paused')
                    or number in (select job from commands where done_at is null)
                ) order by number
                """, [.int2(Int16(partition))]),
            Statement(
                """
                select g.job, g.ordinal, g.state from row_groups g join jobs j on j.number = g.job
                where j.partition = $1 and j.state in ('queued', 'running', 'waiting', 'paused') order by 1, 2
                """, [.int2(Int16(partition))]),
            Statement(Self.openCommands, [.int2(Int16(partition))]),
            Statement(
                """
                select u.job, sum(u.input_tokens + u.output_tokens)::bigint from usage u join jobs j on j.number = u.job
                where j.partition = $1 and j.state in ('queued', 'running', 'waiting', 'paused') group by 1
                """, [.int2(Int16(partition))]),
        ])
        var groups: [Int64: (active: [Int], reopened: [Int], finished: Int, next: Int)] = [:]
        for row in results[1] {
            let ordinal = Int(try row.int32(1))
            var known = groups[try row.int64(0)] ?? ([], [], 0, 0)
            switch try row.text(2) {
            case "active": known.active.append(ordinal)
            case "reopened": known.reopened.append(ordinal)
            default: known.finished += 1
            }
            known.next = max(known.next, ordinal + 1)
            groups[try row.int64(0)] = known
        }
        let commands = try Self.commands(results[2])
        var tokens: [Int64: Int64] = [:]
        for row in results[3] { tokens[try row.int64(0)] = try row.int64(1) }
        var jobs: [StoredJob] = []
        for row in results[0] {
            let job = try Job(row)
            let known = groups[job.number.rawValue] ?? ([], [], 0, 0)
            jobs.append(
                StoredJob(
                    job: job, active: known.active, reopened: known.reopened, finishedGroups: known.finished,
                    nextGroup: known.next,
                    tokens: tokens[job.number.rawValue] ?? 0, openCommands: commands[job.number] ?? []))
        }
        return jobs
    }

    /// Everything the database knows of one active row group.
    package func group(_ ordinal: Int, of job: Job, records: Range<Int64>) async throws(PostgresError) -> StoredGroup {
        let key: [Parameter] = [
            .int4(job.storage), .int8(job.number.rawValue), .int8(records.lowerBound), .int8(records.upperBound),
        ]
        let results = try await pool.transact([
            Statement(
                """
                select record, column_number, value, is_json, finish_reason = '\(StoredValue.givenUp)' from cells
                where storage = $1 and job = $2 and record >= $3 and record < $4
                """, key),
            Statement(
                """
                select record from records where storage = $1 and job = $2 and record >= $3 and record < $4
                    and state = 'dropped'
                """, key),
            Statement(
                """
                select record, column_number, max(attempt)::integer, count(*) filter (where forgiven),
                    coalesce(
                        extract(epoch from max(retry_at) filter (where not forgiven) - clock_timestamp()) * 1000, 0
                    )::bigint
                from failures where job = $1 and record >= $2 and record < $3 group by record, column_number
                """, Array(key.dropFirst())),
            Statement(
                """
                select generation, sequence, entry, column_number, route, records, attempts, conversation
                from dispatches
                where job = $1 and row_group = $2 order by generation, sequence, entry desc
                """, [.int8(job.number.rawValue), .int4(Int32(ordinal))]),
        ])
        var recovered = RecoveredGroup(job: job.number, group: ordinal)
        var values: [RecoveredValue] = []
        for row in results[0] {
            let value = RecoveredValue(
                record: try row.int64(0), column: Int(try row.int16(1)), text: try row.text(2), isJSON: try row.bool(3))
            values.append(value)
            recovered.values.append((value.record, value.column))
            if try row.bool(4) { recovered.withNulls.append(value.record) }
        }
        for row in results[1] { recovered.dropped.append(try row.int64(0)) }
        for row in results[2] {
            recovered.failures.append(
                (
                    try row.int64(0), Int(try row.int16(1)), Int(try row.int32(2)), Int(try row.int64(3)),
                    .milliseconds(max(0, try row.int64(4)))
                ))
        }
        for row in results[3] { recovered.log.append(try entry(row, job: job.number, group: ordinal)) }
        return StoredGroup(recovered: recovered, values: values)
    }

    private func entry(_ row: Row, job: JobNumber, group: Int) throws(PostgresError) -> LogEntry {
        let number = DispatchNumber(generation: try row.int64(0), sequence: try row.int64(1))
        let kind = try row.text(2)
        if kind == "confirmed" { return .confirmed(number, job: job, group: group) }
        let column = Int(try row.int16(3))
        let records = try row.int8Array(5)
        if let cause = EndCause(rawValue: kind) {
            return .ended(number, job: job, group: group, column: column, records: records, because: cause)
        }
        if kind == "conversation", let record = records.first {
            return .conversation(
                number, job: job, group: group, column: column, record: record, body: try row.bytes(7))
        }
        return .sent(
            Sent(
                number: number, job: job, group: group, column: column, route: try row.text(4), records: records,
                attempts: try row.int2Array(6).map(Int.init)))
    }
}
