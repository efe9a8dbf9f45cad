import Glibc
import Postgres
import Testing

@Suite(.timeLimit(.minutes(2)))
struct FailureTests {
    private func waitUntil(_ connection: PostgresConnection, _ sql: String) async throws {
        while try await !connection.run(Statement(sql))[0].bool(0) {}
    }

    @Test func `a killed server leaves the outcome unknown, and the pool recovers once it is back`() async throws {
        _ = PrivatePostgres.shared
        let server = PrivatePostgres()
        let database = try await Database(server)
        let pool = database.pool(size: 2)
        let watcher = try await database.connected()
        try await pool.execute(script: "create table cells (id int8 primary key)")

        let calls = (0..<20 as Range<Int64>).map { id in
            Task {
                await failure {
                    try await pool.transact([
                        Statement("insert into cells values ($1)", [.int8(id)]), Statement("select pg_sleep(60)"),
                    ])
                }
            }
        }
        try await waitUntil(
            watcher, "select count(*) > 0 from pg_stat_activity where wait_event = 'PgSleep'")
        server.kill()
        for call in calls {
            let error = await call.value
            #expect(error.code == .connectionLost)
            #expect(error.outcomeUnknown)
            #expect(error.isRetryable)
        }

        let refused = await failure { try await pool.run(Statement("select 1")) }
        #expect([.connectionFailed, .connectionLost].contains(refused.code))
        #expect(!refused.outcomeUnknown)
        server.start()
        // Each failed call waited for an attempt of its own, so this is no spinning.
        var rows: Rows?
        for _ in 0..<50 where rows == nil { rows = try? await pool.run(Statement("select count(*) from cells")) }
        #expect(try rows?[0].int(0) == 0)
        // Every connection is made anew, not only the one that was tried.
        try await pool.withConnection { first in
            try await first.run(Statement("select 1"))
            try await pool.run(Statement("select 1"))
        }
        await pool.close()
    }

    @Test func `an idle connection whose server process ends is noticed at once, and the pool makes a new one`()
        async throws
    {
        let database = try await Database()
        let killer = try await database.connected()
        let pool = database.pool(size: 1)
        let (pid, stream) = try await pool.withConnection { connection in
            (
                try await connection.run(Statement("select pg_backend_pid()"))[0].int32(0),
                try await connection.listen("signal")
            )
        }
        try await killer.run(Statement("select pg_terminate_backend($1)", [.int4(pid)]))
        // No call is made: the end of the stream shows that the loss was seen.
        for await _ in stream {}
        #expect(try await pool.run(Statement("select pg_backend_pid()"))[0].int32(0) != pid)
    }

    @Test func `a connection whose process is ended in a statement says so and knows that it was rolled back`()
        async throws
    {
        let database = try await Database()
        let killer = try await database.connected()
        let connection = try await database.connected()
        let pid = try await connection.run(Statement("select pg_backend_pid()"))[0].int32(0)
        let calls = (0..<3).map { _ in
            Task { await failure { try await connection.run(Statement("select pg_sleep(60)")) } }
        }
        try await waitUntil(
            killer, "select count(*) = 1 from pg_stat_activity where pid = \(pid) and wait_event = 'PgSleep'")
        try await killer.run(Statement("select pg_terminate_backend($1)", [.int4(pid)]))
        for call in calls {
            let error = await call.value
            #expect(error.code == .connectionLost)
            #expect(error.sqlState == .adminShutdown)
            #expect(!error.outcomeUnknown)
        }
        let later = await failure { try await connection.run(Statement("select 1")) }
        #expect(later.code == .connectionLost && !later.outcomeUnknown)
        try await connection.connect()
        try await connection.run(Statement("select 1"))
    }

    @Test func `a transaction block that loses its connection fails to its end and was not committed`() async throws {
        let database = try await Database()
        let killer = try await database.connected()
        let connection = try await database.connected()
        try await killer.execute(script: "create table cells (id int8)")
        let error = await failure {
            try await connection.withTransaction { transaction in
                let pid = try await transaction.run(Statement("select pg_backend_pid()"))[0].int32(0)
                let ended = try await connection.listenAfterLoss(killer, pid)
                #expect(ended)
                try await connection.connect()
                // The same connection, but not the same transaction any more.
                try await transaction.run(Statement("insert into cells values (1)"))
            }
        }
        #expect(error.code == .connectionLost)
        #expect(!error.outcomeUnknown)
        #expect(try await killer.run(Statement("select count(*) from cells"))[0].int(0) == 0)
        #expect(try await connection.run(Statement("select 1")).count == 1)
    }

    @Test(arguments: [
        "host=/nonexistent user=app", "host=127.0.0.1 port=1 user=app", "postgresql://app@localhost:1/x",
        "host=127.0.0.1,/nonexistent port=1 user=app",
    ])
    func `where nobody listens the error is clear and worth a retry`(text: String) async throws {
        let connection = Database.connection(try DatabaseURL(text))
        let error = await failure { try await connection.connect() }
        #expect(error.code == .connectionFailed)
        #expect(error.isRetryable)
        #expect(error.message.contains("Connection refused") || error.message.contains("No such file"))
        #expect(!error.message.contains("\n"))
        #expect(await failure { try await connection.run(Statement("select 1")) }.code == .connectionFailed)
    }

    @Test func `a wrong database is told apart from a server that is away`() async throws {
        var url = try PrivatePostgres.shared.url()
        url.database = "nowhere"
        let connection = Database.connection(url)
        let error = await failure { try await connection.connect() }
        #expect(error.code == .connectionFailed)
        #expect(error.sqlState == .unknownDatabase)
        #expect(!error.isRetryable)
        #expect(error.message.hasSuffix("FATAL:  database \"nowhere\" does not exist"), "\(error.message)")
    }

    @Test func `a host that does not exist does not block and says its name`() async throws {
        let connection = Database.connection(try DatabaseURL("host=no-such-host.invalid user=app"))
        let error = await failure { try await connection.connect() }
        #expect(error.code == .connectionFailed)
        #expect(error.message.contains("no-such-host.invalid"))
    }

    @Test func `the first host that answers is taken`() async throws {
        let folder = PrivatePostgres.shared.folder
        let connection = Database.connection(
            try DatabaseURL("host=127.0.0.1,\(folder) port=1,5432 user=app dbname=postgres"))
        try await connection.connect()
        #expect(try await connection.run(Statement("select 1::int8 as n"))[0].int("n") == 1)
    }

    @Test func `a server that accepts and says nothing is given up after connect_timeout`() async throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                _ = bind(listener, pointer, length)
                _ = listen(listener, 1)
                _ = getsockname(listener, pointer, &length)
            }
        }
        let port = UInt16(bigEndian: address.sin_port)
        let connection = Database.connection(
            try DatabaseURL("host=127.0.0.1 port=\(port) user=app connect_timeout=1"))
        // Two callers share the attempt.
        async let other = failure { try await connection.connect() }
        let error = await failure { try await connection.connect() }
        #expect(error.message.contains("longer than 1 s"))
        #expect(await other.code == .connectionFailed)
    }

    @Test func `a call that takes longer than its caller allows ends, and its connection with it`() async throws {
        let connection = try await Database().connected()
        async let bystander = failure { try await connection.run(Statement("select pg_sleep(60)")) }
        let error = await failure {
            try await connection.run(Statement("select pg_sleep(60)"), timeout: .milliseconds(20))
        }
        #expect(error.code == .timeout)
        #expect(error.outcomeUnknown)
        #expect(await bystander.code == .connectionLost)
        try await connection.connect()
        try await connection.run(Statement("select 1"), timeout: .seconds(60))
    }

    @Test func `closing ends what is under way and refuses what comes`() async throws {
        let connection = try await Database().connected()
        let stream = try await connection.listen("x")
        async let under = failure { try await connection.run(Statement("select pg_sleep(60)")) }
        async let closing: Void = { () async in
            var isRunning = false
            while !isRunning { isRunning = await connection.isConnected }
            await connection.close()
        }()
        let error = await under
        await closing
        #expect(error.code == .closed)
        for await _ in stream {}
        #expect(await failure { try await connection.run(Statement("select 1")) }.code == .closed)
        #expect(await failure { try await connection.connect() }.code == .closed)
    }
}

extension PostgresConnection {
    /// Ends the server process of this connection from another and returns once the loss was seen here.
    fileprivate func listenAfterLoss(_ killer: PostgresConnection, _ pid: Int32) async throws -> Bool {
        try await killer.run(Statement("select pg_terminate_backend($1)", [.int4(pid)]))
        while isConnected { await Task.yield() }
        return true
    }
}
