package import Postgres

extension JobStore {
    /// Blobs that one statement removes: at most some MiB each.
    private static let batch: Int32 = 16

    /// Removes files and seed data that no job names, because their submission was refused or died; and what is left of
    /// deleted jobs. What was stored within `age`, or found to be there by a submission, stays: that may be under way.
    ///
    /// - Returns: how many files and seed data sets there were; none where another process is removing.
    @discardableResult
    package func removeForgotten(olderThan age: Duration) async throws(PostgresError) -> Int {
        let age: Parameter = .float8(age / .seconds(1))
        return try await removing { connection in
            let files = try await Self.removeFiles(connection, olderThan: age)
            let seeds = try await connection.run(
                Statement(
                    """
                    insert into removals select 'seed', s.hash from seeds s
                    where s.created_at < now() - $1 * interval '1 second'
                        and not exists (select 1 from jobs j where j.seed_data = s.hash)
                    on conflict do nothing returning 1
                    """, [age]))
            try await Self.removeUnused(connection)
            return files + seeds.count
        } ?? 0
    }

    private static func removeFiles(_ connection: PostgresConnection, olderThan age: Parameter) async throws -> Int {
        var count = 0
        var last: [UInt8] = []
        while true {
            // The last condition once more, of the file as it stands: a submission may just have found it.
            let seen = try await connection.run(
                Statement(
                    """
                    with candidates as (
                        select f.hash from files f
                        where f.hash > $3 and f.stored_at < now() - $1 * interval '1 second'
                            and not exists (select 1 from job_files n where n.hash = f.hash)
                        order by f.hash limit $2
                    ), gone as (
                        delete from files f using candidates c
                        where f.hash = c.hash and f.stored_at < now() - $1 * interval '1 second' returning f.hash
                    )
                    select c.hash, c.hash in (select hash from gone) from candidates c order by c.hash
                    """, [age, .int4(batch), .bytes(last)]))
            for row in seen { count += try row.bool(1) ? 1 : 0 }
            guard let end = seen.last else { return count }
            last = try end.bytes(0)
        }
    }

    /// Removes what deleted jobs used, files and seed data, where nothing else uses it, and tables of their own.
    /// Interrupted, it is done by the next call. What is used again meanwhile stays, or whoever uses it finds that it
    /// is gone (`foreignKeyViolation`). Where another process is removing, it does this, too.
    package func removeUnused() async throws(PostgresError) {
        _ = try await removing { try await Self.removeUnused($0) }
    }

    private static func removeUnused(_ connection: PostgresConnection) async throws {
        // One statement each: what others delete meanwhile is in the next call's list, not taken off it unseen.
        _ = try await connection.run(
            Statement(
                """
                with unused as (delete from removals where kind = 'file' returning hash)
                delete from files f using unused u where f.hash = u.hash
                    and not exists (select 1 from job_files n where n.hash = f.hash)
                """))
        _ = try await connection.run(
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
            let gone = try await connection.run(
                Statement(
                    """
                    with batch as (select hash from removals where kind = 'blob' limit $1),
                    removed as (
                        delete from blobs b using batch where b.hash = batch.hash
                            and not exists (select 1 from seed_pieces p where p.blob = b.hash))
                    delete from removals r using batch where r.kind = 'blob' and r.hash = batch.hash returning 1
                    """, [.int4(batch)]))
            if gone.isEmpty { break }
        }
        try await dropStorages(connection)
    }

    private static let removalLock: Int64 = 0x7465_7373_6572_62

    /// Has one process at a time remove, on a connection that nothing else waits behind, until nothing is left that
    /// others found while they could not.
    ///
    /// - Returns: what the first round says; nil where another process is removing.
    private func removing<Value>(
        _ body: (PostgresConnection) async throws -> Value
    ) async throws(PostgresError) -> Value? {
        do {
            return try await pool.withConnection { connection in
                guard let first = try await Self.locked(connection, body) else { return nil }
                let rest = Statement("select 1 from removals limit 1")
                while try await !connection.run(rest).isEmpty,
                    try await Self.locked(connection, Self.removeUnused) != nil
                {}
                return first
            }
        } catch let error as PostgresError {
            throw error
        } catch {
            throw PostgresError(.statementFailed, "\(error)")
        }
    }

    private static func locked<Value>(
        _ connection: PostgresConnection, _ body: (PostgresConnection) async throws -> Value
    ) async throws -> Value? {
        let isAlone = try await connection.run(Statement("select pg_try_advisory_lock($1)", [.int8(removalLock)]))
        guard try isAlone[0].bool(0) else { return nil }
        let unlock = Statement("select pg_advisory_unlock($1)", [.int8(removalLock)])
        let value: Value
        do {
            value = try await body(connection)
        } catch {
            _ = try? await connection.run(unlock)
            throw error
        }
        _ = try await connection.run(unlock)
        return value
    }

    /// The tables of large jobs that were deleted. Detaching waits for whoever reads the parent, and cannot be in a
    /// transaction; one that was interrupted keeps every other from beginning, so it comes first.
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
