package import Postgres
package import Scheduling

/// Reads what a job's report is made of.
package struct ReportStore: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) { self.pool = pool }

    /// Goes through the sketches of all finished row groups, some hundred at a time, in any order.
    package func sketches(
        of job: JobNumber, _ body: (_ column: Int, _ sketch: [UInt8]) -> Void
    ) async throws(PostgresError) {
        var (group, column): (Int32, Int16) = (-1, -1)
        while true {
            let rows = try await pool.run(
                Statement(
                    """
                    select s.row_group, s.column_number, s.sketch from column_statistics s
                    join row_groups g on g.job = s.job and g.ordinal = s.row_group and g.state = 'finished'
                    where s.job = $1 and (s.row_group, s.column_number) > ($2, $3)
                    order by s.row_group, s.column_number limit 500
                    """, [.int8(job.rawValue), .int4(group), .int2(column)]))
            for row in rows {
                (group, column) = (try row.int32(0), try row.int16(1))
                body(Int(column), try row.bytes(2))
            }
            if rows.count < 500 { return }
        }
    }
}
