package import Postgres
import Scheduling

/// Which dropped records of a job a retry would choose.
package struct RetryChoice: Sendable {
    /// How many records were dropped for each kind of failure, most frequent first.
    package let kinds: [(kind: String, records: Int64)]
    /// Of the numbers that were given, those of records that are not dropped.
    package let notDropped: [Int64]
    /// Records that would be tried again.
    package let chosen: Int64
}

extension JobStore {
    /// - Parameters:
    ///   - kinds: only records dropped for one of these; empty: for any.
    ///   - records: only these; empty: any.
    package func retryChoice(
        of job: Job, kinds: [String], records: [Int64]
    ) async throws(PostgresError) -> RetryChoice {
        let key: [Parameter] = [.int4(job.storage), .int8(job.number.rawValue)]
        let results = try await pool.transact([
            Statement(
                """
                select coalesce(dropped_kind, ''), count(*),
                    count(*) filter (where dropped_kind is distinct from 'sampling'
                        and (cardinality($3::text[]) = 0 or dropped_kind = any($3))
                        and (cardinality($4::bigint[]) = 0 or record = any($4)))
                from records where storage = $1 and job = $2 and state = 'dropped' group by 1 order by 2 desc, 1
                """, key + [.textArray(kinds), .int8Array(records)]),
            Statement(
                """
                select given from unnest($3::bigint[]) as given where not exists (
                    select 1 from records where storage = $1 and job = $2 and record = given and state = 'dropped')
                order by given
                """, key + [.int8Array(records)]),
        ])
        var list: [(kind: String, records: Int64)] = []
        var chosen: Int64 = 0
        for row in results[0] {
            list.append((try row.text(0), try row.int64(1)))
            chosen += try row.int64(2)
        }
        var notDropped: [Int64] = []
        for row in results[1] { notDropped.append(try row.int64(0)) }
        return RetryChoice(kinds: list, notDropped: notDropped, chosen: chosen)
    }
}
