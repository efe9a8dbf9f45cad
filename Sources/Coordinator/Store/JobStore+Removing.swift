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

    /// Removes what deleted jobs used, files and seed data, where nothing else uses it, and tables of their own.
    /// Interrupted, it is done by the next call. What is used again meanwhile stays, or whoever uses it finds that it is gone (`foreignKeyViolation`).
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
            if gone.isEmpty { break }
        }
        try await removeStorages()
    }

    /// The tables of large jobs that were deleted. Detaching waits for whoever reads the parent, and cannot be in a
    /// transaction; one that was interrupted keeps every other from beginning, so it comes first. One process at a time.
    private func removeStorages() async throws(PostgresError) {
        let waiting = try await pool.run(Statement("select 1 from removals where kind = 'storage' limit 1"))
        guard !waiting.isEmpty else { return }
        do {
            try await pool.withConnection { connection in
                let isAlone = try await connection.run(
                    Statement("select pg_try_advisory_lock($1)", [.int8(Self.removalLock)]))
                guard try isAlone[0].bool(0) else { return }
                let unlock = Statement("select pg_advisory_unlock($1)", [.int8(Self.removalLock)])
                do {
                    try await Self.dropStorages(connection)
                } catch {
                    _ = try? await connection.run(unlock)
                    throw error
                }
                _ = try await connection.run(unlock)
            }
        } catch let error as PostgresError {
            throw error
        } catch {
            throw PostgresError(.statementFailed, "\(error)")
        }
    }

    private static let removalLock: Int64 = 0x7465_7373_6572_61

    private static func dropStorages(_ connection: PostgresConnection) async throws {
        let storages = try await connection.run(
            Statement(
                """
                select n, exists (
                    select 1 from pg_inherits where inhdetachpending
                        and inhrelid in (to_regclass('cells_' || n), to_regclass('records_' || n))) as is_pending
                from (
                    select ('x' || encode(hash, 'hex'))::bit(32)::integer as n from removals where kind = 'storage'
                ) as s order by is_pending desc, n
                """))
        for row in storages {
            let number = try row.int32(0)
            for table in ["cells", "records"] {
                let name = "\(table)_\(number)"
                let attached = try await connection.run(
                    Statement(
                        "select inhdetachpending from pg_inherits where inhrelid = to_regclass($1)", [.text(name)]))
                if let state = attached.first {
                    let how = try state.bool(0) ? "finalize" : "concurrently"
                    _ = try await connection.run(
                        Statement("alter table \(table) detach partition \(name) \(how)", isPrepared: false))
                }
                _ = try await connection.run(Statement("drop table if exists \(name)", isPrepared: false))
            }
            _ = try await connection.run(
                Statement("delete from removals where kind = 'storage' and hash = int4send($1)", [.int4(number)]))
        }
    }
}
