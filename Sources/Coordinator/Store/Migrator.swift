package import Postgres

/// Brings the schema up to what this version of Tessera expects.
package struct Migrator: Sendable {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) { self.connection = connection }

    /// Names the advisory lock that lets one migrator work at a time.
    private static let lock: Int64 = 0x7465_7373_6572_61

    /// Runs what has not run yet, one transaction a migration; safe when several run at once.
    ///
    /// - Parameter partitions: how many partitions a new database gets. A database keeps those it was given first.
    /// - Returns: the migrations that ran.
    package func migrate(partitions: Int) async throws(PostgresError) -> [Migration] {
        _ = try await connection.run(Statement("select pg_advisory_lock($1)", [.int8(Self.lock)]))
        let ran: [Migration]
        do {
            ran = try await runMissing(partitions)
        } catch {
            _ = try? await connection.run(Statement("select pg_advisory_unlock($1)", [.int8(Self.lock)]))
            throw error
        }
        _ = try await connection.run(Statement("select pg_advisory_unlock($1)", [.int8(Self.lock)]))
        return ran
    }

    private func runMissing(_ partitions: Int) async throws(PostgresError) -> [Migration] {
        try await connection.execute(
            script: """
                create table if not exists schema_migrations (
                    number integer primary key, name text not null, at timestamptz not null default now())
                """)
        var ran: [Migration] = []
        for migration in Migration.all where try await isMissing(migration) {
            try await connection.execute(
                script: """
                    begin;
                    \(migration.sql)
                    insert into schema_migrations (number, name) values (\(migration.number), '\(migration.name)');
                    commit;
                    """)
            ran.append(migration)
        }
        _ = try await connection.run(
            Statement(
                """
                insert into partitions (id) select * from generate_series(0, $1 - 1)
                where not exists (select 1 from partitions)
                """, [.int4(Int32(partitions))]))
        return ran
    }

    /// The number of the last migration that ran; 0 for a database without a schema.
    package func version() async throws(PostgresError) -> Int {
        let known = try await connection.run(
            Statement("select to_regclass('schema_migrations') is not null"))
        guard try known[0].bool(0) else { return 0 }
        let rows = try await connection.run(Statement("select coalesce(max(number), 0) from schema_migrations"))
        return Int(try rows[0].int32(0))
    }

    private func isMissing(_ migration: Migration) async throws(PostgresError) -> Bool {
        let rows = try await connection.run(
            Statement("select 1 from schema_migrations where number = $1", [.int4(Int32(migration.number))]))
        return rows.isEmpty
    }
}
