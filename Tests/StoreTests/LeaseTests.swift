import Logging
import Postgres
import Store
import TestSupport
import Testing

/// Whose partitions may be taken, and when.
@Suite(.serialized) struct LeaseTests {
    private func pool(_ url: DatabaseURL, _ name: String = "tests") -> PostgresPool {
        PostgresPool(url: url, size: 1, applicationName: name, logger: Logger(label: "tests"))
    }

    private func migrated() async throws -> DatabaseURL {
        let url = try DatabaseURL(try await TestServices.makeDatabase("leases\(UInt32.random(in: 0 ... .max))"))
        let connection = PostgresConnection(url: url, applicationName: "tests", logger: Logger(label: "tests"))
        try await connection.connect()
        _ = try await Migrator(connection: connection).migrate(partitions: 1)
        await connection.close()
        return url
    }

    private func age(_ seconds: Int, _ pool: PostgresPool) async throws {
        let left = "expires_at = clock_timestamp() + interval '\(LeaseStore.leaseSeconds - seconds) seconds'"
        _ = try await pool.run(Statement("update coordinators set \(left) where id = 'first'", isPrepared: false))
    }

    /// Right after a start of the server nobody has a session, and leases alone count.
    private func serverIsOld(_ pool: PostgresPool) async throws {
        try await eventually("the server has been up for longer than a lease") {
            let up = Statement("select pg_postmaster_start_time() < clock_timestamp() - interval '11 seconds'")
            return try await pool.run(up)[0].bool(0)
        }
    }

    @Test func `who asks is told at once of a coordinator that was killed, though its lease still holds`() async throws
    {
        let url = try await migrated()
        let pool = pool(url)
        let leases = LeaseStore(pool: pool)
        try await serverIsOld(pool)
        #expect(try await leases.hasCoordinator() == false, "there never was one")
        let session = self.pool(url, LeaseStore.applicationName(of: "first").lease)
        _ = try await LeaseStore(pool: session).renew("first")
        #expect(try await leases.claim(0, for: "first") != nil)
        #expect(try await leases.hasCoordinator())
        try await age(3, pool)
        #expect(try await leases.hasCoordinator(), "it renews each 3 s")
        await session.close()
        try await eventually("it is gone") {
            // No time passes but what it takes to hang up.
            try await age(2, pool)
            return try await !leases.hasCoordinator()
        }
        #expect(try await leases.claim(0, for: "second") == nil, "that is no reason yet to take its partition")
        // As if it had renewed just now, however long the next line takes to come.
        try await age(-60, pool)
        #expect(try await leases.hasCoordinator(), "it may be connecting again")
        await pool.close()
    }

    @Test func `a coordinator without a session is replaced early, one that hangs when its lease is over`() async throws
    {
        let url = try await migrated()
        let pool = pool(url)
        let leases = LeaseStore(pool: pool)
        try await serverIsOld(pool)
        _ = try await leases.renew("first")
        #expect(try await leases.claim(0, for: "first") != nil)
        #expect(try await leases.claim(0, for: "second") == nil, "it renewed just now")

        let session = self.pool(url, LeaseStore.applicationName(of: "first").lease)
        _ = try await session.run(Statement("select 1"))
        try await age(LeaseStore.sessionlessSeconds + 1, pool)
        #expect(try await leases.claim(0, for: "second") == nil, "it has a session")
        #expect(try await leases.renew("second").live == ["first", "second"])
        await session.close()
        try await eventually("it has none") {
            // Its lease never comes to its end meanwhile.
            try await age(LeaseStore.sessionlessSeconds + 1, pool)
            return try await leases.renew("second").live == ["second"]
        }
        #expect(try await leases.renew("second").partitions.first?.isHeld == false)
        #expect(try await leases.claim(0, for: "second") != nil)
        await pool.close()
    }

    @Test func `a lease that is over counts for nothing, whatever sessions there are`() async throws {
        let url = try await migrated()
        let pool = pool(url)
        let leases = LeaseStore(pool: pool)
        _ = try await leases.renew("first")
        #expect(try await leases.claim(0, for: "first") != nil)
        let session = self.pool(url, LeaseStore.applicationName(of: "first").all)
        let backend = Statement("select pg_backend_pid()")
        let before = try await session.run(backend)[0].int32(0)
        try await age(LeaseStore.leaseSeconds + 1, pool)
        #expect(try await leases.claim(0, for: "second") != nil)
        // Ended by the claim: a frozen owner would hold its locks.
        try await eventually("it is ended") {
            guard let row = try? await session.run(backend).first else { return false }
            return try row.int32(0) != before
        }
        await session.close()
        await pool.close()
    }
}
