package import Postgres
package import Scheduling

/// What may change of a job that is not over: cheap to read again and again, unlike its workflow.
package struct JobOutline: Sendable {
    package let number: JobNumber
    package let id: JobID
    package let priority: Int
    package let state: JobState
    /// A cancel was asked for.
    package let isStopping: Bool
    /// Until the job is paused, by the database's clock; nil: it has no deadline.
    package let secondsLeft: Double?
    package let maximumTokens: Int64?
    /// Its own caps by alias, a JSON object.
    package let maximumParallel: String

    /// It takes no calls: it is being cancelled, or paused.
    package var isHeld: Bool { isStopping || state == .paused }
}

extension JobOutline {
    fileprivate static let columns = """
        number, id, priority, state, stopping, extract(epoch from deadline_at - clock_timestamp())::float8, max_tokens,
        max_parallel
        """

    fileprivate init(_ row: Row) throws(PostgresError) {
        number = JobNumber(rawValue: try row.int64(0))
        id = JobID(rawValue: try row.text(1))
        priority = Int(try row.int16(2))
        state = JobState(rawValue: try row.text(3)) ?? .failed
        isStopping = try row.bool(4)
        secondsLeft = try row.optionalDouble(5)
        maximumTokens = try row.optionalInt64(6)
        maximumParallel = try row.text(7)
    }

    fileprivate static func list(_ rows: Rows) throws(PostgresError) -> [JobOutline] {
        var list: [JobOutline] = []
        for row in rows { list.append(try JobOutline(row)) }
        return list
    }
}

extension JobStore {
    /// Jobs that are not over, of every partition, in the order they came.
    package func outlines() async throws(PostgresError) -> [JobOutline] {
        try JobOutline.list(
            try await pool.run(
                Statement(
                    """
                    select \(JobOutline.columns) from jobs
                    where state in ('queued', 'running', 'waiting', 'paused') order by number
                    """)))
    }
}

extension PartitionStore {
    /// Jobs of a partition that are not over, and the wishes of clients, of jobs that are over, too.
    package func outlines(
        of partition: Int
    ) async throws(PostgresError) -> (jobs: [JobOutline], commands: [JobNumber: [OpenCommand]]) {
        let results = try await pool.transact([
            Statement(
                """
                select \(JobOutline.columns) from jobs where partition = $1
                    and state in ('queued', 'running', 'waiting', 'paused') order by number
                """, [.int2(Int16(partition))]),
            Statement(Self.openCommands, [.int2(Int16(partition))]),
        ])
        return (try JobOutline.list(results[0]), try Self.commands(results[1]))
    }

    static let openCommands = """
        select c.job, c.id, c.kind, c.arguments from commands c join jobs j on j.number = c.job
        where j.partition = $1 and c.done_at is null order by c.id
        """

    static func commands(_ rows: Rows) throws(PostgresError) -> [JobNumber: [OpenCommand]] {
        var commands: [JobNumber: [OpenCommand]] = [:]
        for row in rows {
            commands[JobNumber(rawValue: try row.int64(0)), default: []].append(
                OpenCommand(id: try row.int64(1), kind: try row.text(2), arguments: try row.text(3)))
        }
        return commands
    }
}
