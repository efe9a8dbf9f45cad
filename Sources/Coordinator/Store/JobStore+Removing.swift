package import Postgres

extension JobStore {
    /// Blobs that one statement removes: at most some MiB each.
    private static let batch: Int32 = 16

    /// Removes what deleted jobs used, files and seed data, where nothing else uses it. Interrupted, it is done by the
    /// next call. What is used again meanwhile stays, or whoever uses it finds that it is gone (`foreignKeyViolation`).
    package func removeUnused() async throws(PostgresError) {
        _ = try await pool.transact([
            Statement(
                """
                delete from files f using removals r where r.kind = 'file' and f.hash = r.hash
                    and not exists (select 1 from job_files n where n.hash = f.hash)
                """),
            Statement("delete from removals where kind = 'file'"),
        ])
        _ = try await pool.transact([
            Statement(
                """
                insert into removals select distinct 'blob', p.blob from seed_pieces p
                join removals r on r.kind = 'seed' and r.hash = p.seed
                where not exists (select 1 from jobs j where j.seed_data = p.seed) on conflict do nothing
                """),
            Statement(
                """
                delete from seeds s using removals r where r.kind = 'seed' and s.hash = r.hash
                    and not exists (select 1 from jobs j where j.seed_data = s.hash)
                """),
            Statement("delete from removals where kind = 'seed'"),
        ])
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
