import Foundation
import Glibc
import JSON
import LocalServices
import Postgres
import TestSupport

/// One run of a job while everything around it fails by plan.
struct ChaosRun {
    let plan: ChaosPlan
    let cluster: TestCluster
    private let proxy: FaultProxy
    private let coordinators: ProcessCrew
    private let workers: ProcessCrew
    private let endpoint: ProcessCrew

    private static let calls = ["--latency-ms", "120", "--latency-jitter", "0.5", "--slowness-ms", "2500"]

    /// The lines of a run of the same job in which nothing fails.
    static func calmLines(on services: LocalServices) async throws -> [Data] {
        let cluster = try await TestCluster.make(on: services)
        try await cluster.startSimulator(["--latency-ms", "5"])
        try await cluster.startCoordinator()
        for _ in 0..<2 { try await cluster.startWorker() }
        let job = try await cluster.submit(records: ChaosPlan.records)
        let exit = try await cluster.wait(job)
        guard exit == 0 else { throw NeverHappened("a calm run: it ended with \(exit)") }
        let lines = try await lines(of: job, on: cluster)
        await cluster.stop()
        return lines
    }

    private static func lines(of job: String, on cluster: TestCluster) async throws -> [Data] {
        try await cluster.export(job).split(separator: UInt8(ascii: "\n")).map { Data($0) }
    }

    init(_ plan: ChaosPlan, calm: [Data], on services: LocalServices) async throws {
        self.plan = plan
        let ids = try calm.map { try JSONValue(parsing: Array($0))["id"]?.stringValue ?? "" }
        let cluster = try await TestCluster.make(on: services)
        self.cluster = cluster
        var options = Self.calls + ["--error-rate", "0.01", "--error-key", "attempt"]
        for record in plan.refused { options += ["--error-on", "400:Body \(ids[record]) "] }
        for record in plan.slow { options += ["--error-on", "slow:Title \(ids[record]) "] }
        endpoint = try await ProcessCrew(1) { [options] in try await cluster.startSimulator(options) }
        guard let broker = URLComponents(string: cluster.services.brokerURL), let port = broker.port else {
            throw NeverHappened("a broker with a port")
        }
        proxy = try FaultProxy(to: port)
        var throughProxy = broker
        throughProxy.port = proxy.port
        let url = throughProxy.string ?? ""
        let poison = "kill:Title \(ids[plan.poisoned]) "
        coordinators = try await ProcessCrew(2) { try await cluster.startCoordinator(["TESSERA_BROKER_URL": url]) }
        workers = try await ProcessCrew(3) {
            try await cluster.startWorker(["TESSERA_BROKER_URL": url, "TESSERA_CRASH_ON": poison])
        }
    }

    /// The run, and what came of it.
    func history(calm: [Data]) async throws -> History {
        let job = try await cluster.submit(records: ChaosPlan.records)
        let exit = try await withThrowingTaskGroup(of: Int32?.self) { group in
            group.addTask {
                try await watchCounts(of: job)
                return nil
            }
            group.addTask { try await strikeAll(job) }
            defer { group.cancelAll() }
            for try await exit in group where exit != nil { return exit }
            throw NeverHappened("an end of the job")
        }
        guard exit == 2 else { throw NeverHappened("the end with dropped records: wait said \(exit ?? -1)") }
        let lines = try await Self.lines(of: job, on: cluster)
        var expected = [plan.poisoned: "poison"]
        for record in plan.refused { expected[record] = "bad_request" }
        return History(
            lines: lines, calm: calm, drops: try await drops(), expected: expected, recovered: try await recovered())
    }

    /// Through all faults to the end of the job; the exit code of `wait`.
    private func strikeAll(_ job: String) async throws -> Int32 {
        for (after, fault) in plan.faults {
            try await waitForRecords(after, before: fault)
            try await strike(fault)
        }
        return try await cluster.wait(job, timeout: "480s")
    }

    /// - Parameter keepingLogs: the folder stays.
    func end(keepingLogs: Bool) async {
        proxy.close()
        await workers.dismiss()
        await coordinators.dismiss()
        await endpoint.dismiss()
        await cluster.stop()
        if !keepingLogs { try? FileManager.default.removeItem(atPath: cluster.folder) }
    }

    /// Counts that do not sum, or complete records that are not complete any more, are errors at any moment.
    private func watchCounts(of job: String) async throws {
        var completed = 0
        while !Task.isCancelled {
            // The database may be away.
            if let counts = try? await cluster.status(job)["records"], let requested = counts["requested"]?.intValue {
                let parts = ["completed", "dropped", "pending", "cancelled"].map { counts[$0]?.intValue ?? 0 }
                guard parts.reduce(0, +) == requested, parts.allSatisfy({ $0 >= 0 }), parts[0] >= completed else {
                    throw NeverHappened("counts that sum: \(counts.serialized()) after \(completed) complete")
                }
                completed = parts[0]
            }
            try? await Task.sleep(for: .milliseconds(250))
        }
    }

    private func waitForRecords(_ count: Int64, before fault: ChaosFault) async throws {
        try await eventually("\(count) complete records, before \(fault)", within: .seconds(240)) {
            let sum = Statement("select coalesce(sum(completed), 0)::bigint from row_groups")
            return try await (try? cluster.pool.run(sum))?.first?.int64(0) ?? 0 >= count
        }
    }

    // MARK: Faults

    /// Lengths of stops are the faults themselves: longer than a heartbeat, shorter than a test has patience.
    private func strike(_ fault: ChaosFault) async throws {
        let services = cluster.services
        switch fault {
        case .killWorker: await workers.end(workers.member())
        case .drainWorker: await workers.end(workers.member(), by: SIGTERM)
        case .stopWorker: await stop(workers.member(), for: .seconds(8))
        case .killOwner: await coordinators.end(try await owner())
        case .drainOwner: await coordinators.end(try await owner(), by: SIGTERM)
        // Past its lease: when it wakes, another has the partition.
        case .stopOwner: await stop(try await owner(), for: .seconds(14))
        case .killBroker:
            await services.kill(.broker, SIGKILL)
            try await services.restart(.broker)
        case .stopBroker:
            await services.kill(.broker, SIGSTOP)
            await outage(.seconds(8))
            await services.kill(.broker, SIGCONT)
        case .cutBroker: proxy.cut()
        case .stallBroker:
            proxy.stall()
            await outage(.seconds(8))
            proxy.flow()
        case .killDatabase:
            await services.kill(.database, SIGKILL)
            try await services.restart(.database)
        case .stopDatabase:
            await services.kill(.database, SIGSTOP)
            await outage(.seconds(6))
            await services.kill(.database, SIGCONT)
        case .cutDatabase:
            _ = try await cluster.pool.run(
                Statement(
                    """
                    select pg_terminate_backend(pid) from pg_stat_activity
                    where datname = current_database() and pid <> pg_backend_pid()
                    """))
        case .killEndpoint: await endpoint.end(endpoint.member())
        case .stopEndpoint: await stop(endpoint.member(), for: .seconds(6))
        }
    }

    /// Cut short when the run is given up: what was stopped goes on in any case.
    private func outage(_ time: Duration) async { try? await Task.sleep(for: time) }

    private func stop(_ process: TestProcess?, for time: Duration) async {
        process?.signal(SIGSTOP)
        await outage(time)
        process?.signal(SIGCONT)
    }

    /// The coordinator that has the job's partition: its id has its process id in it.
    private func owner() async throws -> TestProcess? {
        let rows = try await cluster.pool.run(Statement("select coalesce(owner, '') from partitions where id = 0"))
        let name = try rows.first?.text(0) ?? ""
        return await coordinators.member { name.contains("-\($0.pid)-") }
    }

    // MARK: What came of it

    private func drops() async throws -> [History.Drop] {
        let rows = try await cluster.pool.run(
            Statement(
                """
                select r.record, r.dropped_kind, count(f.attempt) from records r
                left join failures f on f.job = r.job and f.record = r.record and f.column_number = r.dropped_column
                where r.state = 'dropped' group by 1, 2
                """))
        return try rows.map {
            History.Drop(record: Int(try $0.int64(0)), kind: try $0.text(1), attempts: Int(try $0.int64(2)))
        }
    }

    private func recovered() async throws -> Int {
        let rows = try await cluster.pool.run(
            Statement("select coalesce(sum(failed + returned + wasted + child_deaths), 0)::bigint from usage"))
        return Int(try rows.first?.int64(0) ?? 0)
    }
}
