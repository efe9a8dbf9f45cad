import Postgres
import Testing

@Suite(.timeLimit(.minutes(2)))
struct PoolTests {
    private let pid = Statement("select pg_backend_pid()")

    @Test func `calls spread over the connections`() async throws {
        let database = try await Database()
        let pool = database.pool(size: 3)
        var pids: Set<Int32> = []
        // The first round comes before all connections are made.
        for _ in 0..<50 where pids.count < 3 {
            try await withThrowingTaskGroup(of: Int32.self) { group in
                for _ in 0..<60 {
                    group.addTask {
                        try await pool.transact([Statement("select pg_sleep(0.001)"), pid])[1][0].int32(0)
                    }
                }
                for try await pid in group { pids.insert(pid) }
            }
        }
        #expect(pids.count == 3)
        await pool.close()
    }

    @Test func `an exclusive connection sees no call of others`() async throws {
        let pool = try await Database().pool(size: 2)
        try await pool.withConnection { mine in
            let own = try await mine.run(pid)[0].int32(0)
            for _ in 0..<20 { #expect(try await pool.run(pid)[0].int32(0) != own) }
        }
        await pool.close()
    }

    @Test func `nothing waits behind a transaction that is alone`() async throws {
        let database = try await Database()
        let pool = database.pool(size: 2)
        let other = database.pool(size: 1)
        let lock = Statement("select pg_advisory_lock(7)")
        try await other.run(lock)
        let alone = Task { try await pool.transactAlone([lock, pid], timeout: .seconds(60)) }
        let waiting = Statement("select count(*) from pg_locks where locktype = 'advisory' and not granted")
        while try await other.run(waiting)[0].int(0) == 0 {}
        // All would be given up with their connection.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try await pool.run(pid, timeout: .seconds(10)) } }
            try await group.waitForAll()
        }
        try await other.run(Statement("select pg_advisory_unlock(7)"))
        #expect(try await alone.value.count == 2)
        await pool.close()
        await other.close()
    }

    @Test func `a task that is cancelled while it waits for a connection is told so`() async throws {
        let pool = try await Database().pool(size: 1)
        try await pool.withConnection { _ in
            let waiting = Task { await failure { try await pool.withConnection { _ in } } }
            waiting.cancel()
            #expect(await waiting.value.code == .cancelled)
            let late = await failure { try await pool.run(pid, timeout: .milliseconds(10)) }
            #expect(late.code == .timeout && !late.outcomeUnknown)
        }
        #expect(try await pool.run(pid).count == 1)
        await pool.close()
    }

    @Test func `a transaction of several round trips works through the pool`() async throws {
        let pool = try await Database().pool(size: 2)
        try await pool.execute(script: "create table t (n int8)")
        let total = try await pool.withTransaction(begin: "begin isolation level serializable") { transaction in
            try await transaction.run(Statement("insert into t select * from unnest($1)", [.int8Array([1, 2, 3])]))
            return try await transaction.run(Statement("select sum(n)::int8 from t"))[0].int64(0)
        }
        #expect(total == 6)
        #expect(try await pool.run(Statement("select count(*) from t"))[0].int(0) == 3)
        await pool.close()
    }

    @Test func `close lets calls under way end and refuses later ones`() async throws {
        let database = try await Database()
        let pool = database.pool(size: 2)
        // Both connections are there now: else the next calls could end up behind the one that waits.
        try await pool.withConnection { _ in try await pool.run(pid) }
        let holder = try await database.connected()
        let key = Int64.random(in: 0 ... .max)
        let (running, closing) = try await holder.withTransaction { transaction in
            try await transaction.run(Statement("select pg_advisory_xact_lock($1)", [.int8(key)]))
            let running = Task { try await pool.run(Statement("select pg_advisory_xact_lock($1)", [.int8(key)])).count }
            let isWaiting = Statement(
                "select count(*) > 0 from pg_locks where objid::int8 = $1 & 4294967295 and not granted", [.int8(key)])
            while try await !transaction.run(isWaiting)[0].bool(0) {}
            let closing = Task { await pool.close() }
            // The refusal shows that closing has begun, while the first call still waits for the lock.
            while await failure(of: { try await pool.run(pid) }).code != .closed {}
            return (running, closing)
        }
        await closing.value
        #expect(try await running.value == 1)
        #expect(await failure { try await pool.withConnection { _ in } }.code == .closed)
        await pool.close()
    }

    @Test func `close does not wait for ever`() async throws {
        let database = try await Database()
        let pool = database.pool(size: 1)
        let stuck = Task { await failure { try await pool.run(Statement("select pg_sleep(600)")) } }
        let error = await failure {
            await pool.close(grace: .milliseconds(20))
            try await pool.run(pid)
        }
        // Whichever of the two came first.
        #expect([.closed, .connectionLost].contains(error.code))
        await pool.close(grace: .zero)
        #expect([.closed, .connectionLost].contains(await stuck.value.code))
    }

    @Test func `what is dropped without closing hangs up and ends its thread`() async throws {
        let database = try await Database()
        let watcher = try await database.connected()
        weak var dropped: PostgresPool?
        weak var droppedConnection: PostgresConnection?
        let pids: [Int32]
        do {
            let pool = database.pool(size: 2)
            let connection = try await database.connected()
            dropped = pool
            droppedConnection = connection
            pids = [try await pool.run(pid)[0].int32(0), try await connection.run(pid)[0].int32(0)]
        }
        let alive = Statement(
            "select count(*) from pg_stat_activity where pid = any($1)", [.int4Array(pids)])
        while try await watcher.run(alive)[0].int(0) > 0 {}
        #expect(dropped == nil && droppedConnection == nil)
    }
}
