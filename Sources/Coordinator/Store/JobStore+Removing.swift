package import Postgres

extension JobStore {
    /// Blobs that one statement removes: at most some MiB each.
    private static let batch: Int32 = 16

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
