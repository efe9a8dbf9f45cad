import AMQP
import Glibc
import Logging
import Testing

@testable import LocalServices

/// The whole, with real servers. One at a time: each starts its own.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct LocalServicesTests {
    private let folder = TemporaryFolder()
    private var state: String { "\(folder.path)/state" }

    private func start() async throws -> LocalServices {
        try await LocalServices.start(
            stateDirectory: state, guardian: TestHost.guardian(logFile: "\(state)/logs/guardian.log"),
            logger: Logger(label: "test"))
    }

    private func sql(_ text: String, on services: LocalServices) async throws -> String {
        let programs = try ServerPrograms.find(databaseVersion: nil)
        return try await TestProcess.output(
            of: "\(programs.database)/psql", services.databaseURL, "--no-psqlrc", "-qAt", "-c", text)
    }

    /// A service host that is ready, and everything that it and its servers run.
    private func host() async throws -> (host: TestProcess, processes: Set<ProcessIdentity>) {
        // A narrow umask must not keep the servers' own users out.
        let host = try TestProcess(["/bin/sh", "-c", #"umask 077; exec "$0" serve "$1""#, TestHost.path, state])
        #expect(await host.output(upTo: "ready").hasSuffix("ready\n"))
        let processes = ProcessTable.read().descendants(of: [host.child.pid])
        #expect(processes.count >= 4)
        return (host, processes)
    }

    @Test func `a killed server is told, starts again at the same address, and has its data`() async throws {
        let services = try await start()
        _ = try await sql("create table t (v text); insert into t values ('kept')", on: services)
        #expect(try await TestQueue.put("kept", brokerURL: services.brokerURL) == .confirmed)
        // RabbitMQ 3.10 may leave a quorum queue that is killed while it is being made without a leader for ever: this
        // one has been written down.
        try await services.restart(.broker)
        var exits = services.exits.makeAsyncIterator()
        for service in LocalService.allCases {
            let before = try #require(await services.processID(of: service))
            await services.kill(service, SIGKILL)
            #expect(await exits.next() == ServiceExit(service: service, status: .killed(signal: SIGKILL)))
            try await services.restart(service)
            #expect(await services.processID(of: service) != before)
        }
        #expect(try await sql("select v from t", on: services) == "kept\n")
        #expect(try await TestQueue.next(brokerURL: services.brokerURL) == "kept")
        #expect(try await sql("show fsync", on: services) == "on\n")
        #expect(try await sql("show synchronous_commit", on: services) == "on\n")
        await services.stop()
        #expect(await exits.next() == nil)
    }

    @Test func `a second start in the folder is refused; one after the stop finds the same data`() async throws {
        let first = try await start()
        let error = await #expect(throws: LocalServicesError.self) { try await start() }
        #expect(error?.code == .locked)
        _ = try await sql("create table t (v text); insert into t values ('kept')", on: first)
        #expect(try await TestQueue.put("kept", brokerURL: first.brokerURL) == .confirmed)
        await first.stop()

        let second = try await start()
        #expect(second.databaseURL == first.databaseURL)
        #expect(second.brokerURL == first.brokerURL)
        #expect(try await sql("select v from t", on: second) == "kept\n")
        #expect(try await TestQueue.next(brokerURL: second.brokerURL) == "kept")
        await second.stop()
    }

    @Test func `nothing of it is left after a stop, even of a server that hangs`() async throws {
        let services = try await start()
        let processes = ProcessTable.read().descendants(of: [getpid()])
        let servers = try await LocalService.allCases.asyncMap { try #require(await services.processID(of: $0)) }
        await services.kill(.database, SIGSTOP)
        await services.stop()
        for server in servers {
            let identity = try #require(processes.first { $0.pid == server })
            #expect(!ProcessTable.read().isRunning(identity))
        }
        #expect(Orphans.find(stateDirectory: state, services: "\(state)/services").isEmpty)
    }

    @Test func `when the owner is killed everything is gone within moments`() async throws {
        let (host, processes) = try await host()
        await host.child.signal(SIGKILL)
        #expect(await host.child.exit() == .killed(signal: SIGKILL))
        await ProcessTable.untilGone(processes)
        // In good order: PostgreSQL removes its lock file in the last step of a shutdown.
        #expect(FileSystem.information("\(state)/services/postgres/data/postmaster.pid", followingLinks: true) == nil)
    }

    @Test func `what is left when owner and guardian are both killed is cleared away by the next start`() async throws {
        let (host, processes) = try await host()
        let table = ProcessTable.read()
        let guardian = try #require(processes.first { table[$0.pid]?.name == "service-host" })
        kill(guardian.pid, SIGKILL)
        await host.child.signal(SIGKILL)
        _ = await host.child.exit()
        let left = processes.subtracting([guardian])
        #expect(left.contains(where: ProcessTable.read().isRunning))

        let services = try await start()
        await ProcessTable.untilGone(left)
        #expect(try await sql("select 1", on: services) == "1\n")
        await services.stop()
    }

    @Test func `a lock file with the number of somebody else's process does not keep PostgreSQL from starting`()
        async throws
    {
        let first = try await start()
        await first.stop()
        let layout = try StateLayout.make(in: state)
        let prefix = layout.databaseUser?.prefix ?? []
        let stranger = try TestProcess(prefix + ["/bin/sleep", "1000"])
        try FileSystem.write(
            "\(stranger.child.pid)\n\(layout.database)/data\n1700000000\n5432\n\(layout.database)\n\n0 0\nready\n",
            to: "\(layout.database)/data/postmaster.pid", owner: layout.databaseUser)

        let second = try await start()
        #expect(try await sql("select 1", on: second) == "1\n")
        await second.stop()
        #expect(await stranger.child.end(SIGTERM, within: .seconds(5)) == .killed(signal: SIGTERM))
    }
}

extension Sequence {
    fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
