package import Postgres

extension JobStore {
    /// Blobs that one statement removes: at most some MiB each.
    private static let batch: Int32 = 16

    /// Removes files and seed data that no job names, because their submission was refused or died; and what is left of
    /// deleted jobs. What was stored within `age`, or found to be there by a submission, stays: that may be under way.
    ///
    /// - Returns: how many files and seed data sets there were.
    @discardableResult
    package func removeForgotten(olderThan age: Duration) async throws(PostgresError) -> Int {
        let age: Parameter = .float8(age / .seconds(1))
        var count = 0
        while true {
            // The last condition once more, of the file as it stands: a submission may just have found it.
            let gone = try await pool.run(
                Statement(
                    """
                    delete from files where hash in (
                        select f.hash from files f where f.stored_at < now() - $1 * interval '1 second'
                            and not exists (select 1 from job_files n where n.hash = f.hash) limit $2)
                        and stored_at < now() - $1 * interval '1 second'
                    returning 1
                    """, [age, .int4(Self.batch)]))
            if gone.isEmpty { break }
            count += gone.count
        }
        count += try await pool.run(
            Statement(
                """
                insert into removals select 'seed', s.hash from seeds s
                where s.created_at < now() - $1 * interval '1 second'
                    and not exists (select 1 from jobs j where j.seed_data = s.hash)
                on conflict do nothing returning 1
                """, [age])
        ).count
        try await removeUnused()
        return count
    }

    /// Removes what deleted jobs used, files and seed data, where nothing else uses it. Interrupted, it is done by the
    /// next call. What is used again meanwhile stays, or whoever uses it finds that it is gone (`foreignKeyViolation`).
    package func removeUnused() async throws(PostgresError) {
        // One statement each: what others delete meanwhile is in the next call's list, not taken off it unseen.
        _ = try await pool.run(
            Statement(
                """
                with unused as (delete from removals where kind = 'file' returning hash)
                delete from files f using unused u where f.hash = u.hash
                    and not exists (select 1 from job_files n where n.hash = f.hash)
                """))
        _ = try await pool.run(
            Statement(
                """
                with unused as (delete from removals where kind = 'seed' returning hash),
                gone as (
                    select u.hash from unused u where not exists (select 1 from jobs j where j.seed_data = u.hash)
                ), blobs_of as (
                    insert into removals select distinct 'blob', p.blob from seed_pieces p join gone on p.seed = gone.hash
                    on conflict do nothing
                )
                delete from seeds s using gone where s.hash = gone.hash
                """))
        while true {
            let gone = try await pool.run(
                Statement(
                    """
                    with batch as (select hash from removals where kind = 'blob' limit $1),
                    removed as (
                        delete from blobs b using batch where b.hash = batch.hash
                            and not exists (select 1 from seed_pieces p where p.blob = b.hash))
                    delete from removals r using batch where r.kind = 'blob' and r.hash = batch.hash returning 1
                    """, [.int4(Self.batch)]))
            if gone.isEmpty { return }
        }
    }
}
