import Postgres
import Testing

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
        let pool = try await Database().pool(size: 2)
        try await pool.run(pid)
        let running = Task { try await pool.run(Statement("select 1::int8 from pg_sleep(0.0507)"))[0].int(0) }
        let isRunning = Statement(
            "select count(*) > 0 from pg_stat_activity where wait_event = 'PgSleep' and query like '%0.0507%'")
        while try await !pool.run(isRunning)[0].bool(0) {}
        await pool.close()
        #expect(try await running.value == 1)
        #expect(await failure { try await pool.run(pid) }.code == .closed)
        #expect(await failure { try await pool.withConnection { _ in } }.code == .closed)
        await pool.close()
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
