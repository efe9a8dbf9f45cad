import Foundation
import Glibc
import LocalServices
import Logging
import Postgres

/// What is killed: four workers, two coordinators, private services, a simulator. Programs that end are started again
/// at once, as a supervisor would.
actor RecoveryCluster {
    static let workers = 4

    private enum Kind: String { case coordinator, worker }

    private struct Member {
        let kind: Kind
        let process: BenchProcess
    }

    nonisolated let folder: String
    private let services: LocalServices
    private let guardian: GuardianHandle
    private let pool: PostgresPool
    private let simulator: BenchProcess
    private var members: [Member] = []
    private var started = 0
    private var supervision: Task<Void, any Error>?
    /// Ends of processes that nobody sent a signal, by the clock of this machine.
    private(set) var deaths: [Double] = []
    private var killed: Set<Int32> = []

    static func start(poison: String, latencyMilliseconds: Int) async throws -> RecoveryCluster {
        let folder = NSTemporaryDirectory() + "tessera-recovery-\(getpid())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let logger = Logger(label: "bench")
        let guardian = try await GuardianHandle.spawn(
            executable: BenchProcess.own("coordinator"), logFile: "\(folder)/guardian.log", logger: logger)
        let services = try await LocalServices.start(
            stateDirectory: folder + "/state", fresh: true, guardian: guardian, logger: logger)
        let port = LoopbackPort.free(1)[0]
        let simulator = try BenchProcess(
            BenchProcess.own("inference-simulator"),
            ["--port", "\(port)", "--latency-ms", "\(latencyMilliseconds)", "--latency-jitter", "0.1"], [:],
            log: "\(folder)/simulator.log", folder: folder)
        let providers = "providers:\n  - name: bench\n    endpoint: http://127.0.0.1:\(port)/v1\n"
        try Data(providers.utf8).write(to: URL(fileURLWithPath: "\(folder)/providers.yaml"))
        let pool = PostgresPool(
            url: try DatabaseURL(services.databaseURL), size: 1, applicationName: "bench", logger: logger)
        let cluster = RecoveryCluster(folder, services, guardian, pool, simulator, poison)
        try await cluster.startMembers()
        return cluster
    }

    private let poison: String

    private init(
        _ folder: String, _ services: LocalServices, _ guardian: GuardianHandle, _ pool: PostgresPool,
        _ simulator: BenchProcess, _ poison: String
    ) {
        (self.folder, self.services, self.guardian, self.pool) = (folder, services, guardian, pool)
        (self.simulator, self.poison) = (simulator, poison)
    }

    private nonisolated var environment: [String: String] {
        [
            "TESSERA_DATABASE_URL": services.databaseURL, "TESSERA_BROKER_URL": services.brokerURL,
            "TESSERA_PARTITIONS": "1", "TESSERA_LOG_FORMAT": "text", "TESSERA_CRASH_ON": "kill:\(poison)",
        ]
    }

    private func startMembers() throws {
        _ = try command(["migrate"])
        for _ in 0..<2 { try startMember(.coordinator) }
        for _ in 0..<Self.workers { try startMember(.worker) }
        supervision = Task {
            while true {
                try await Task.sleep(for: .milliseconds(20))
                try replaceEnded()
            }
        }
    }

    private func startMember(_ kind: Kind) throws {
        started += 1
        let name = "\(kind.rawValue)-\(started)"
        let arguments =
            kind == .coordinator ? ["serve"] : ["run", "--providers", "providers.yaml", "--name", name]
        members.append(
            Member(
                kind: kind,
                process: try BenchProcess(
                    BenchProcess.own(kind.rawValue), arguments, environment, log: "\(folder)/\(name).log",
                    folder: folder)))
    }

    private func replaceEnded() throws {
        for member in members where !member.process.isRunning {
            members.removeAll { $0.process === member.process }
            if killed.remove(member.process.pid) == nil { deaths.append(Self.now) }
            try startMember(member.kind)
        }
    }

    /// Seconds of the clock that the database has, too.
    static var now: Double { Date().timeIntervalSince1970 }

    @discardableResult
    nonisolated func command(_ arguments: [String]) throws -> String {
        try BenchProcess.output(BenchProcess.own("coordinator"), arguments, environment, folder: folder)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func stop() async {
        supervision?.cancel()
        await pool.close()
        for member in members.reversed() { member.process.stop(SIGKILL) }
        simulator.stop(SIGKILL)
        await services.stop()
        await guardian.close()
        LocalServices.removeState(folder + "/state")
    }

    // MARK: Faults

    /// - Returns: when it struck, and after how many seconds a server that was killed took connections again.
    func strike(_ fault: RecoveryFault) async throws -> (at: Double, serverBack: Double?) {
        let began = Self.now
        switch fault {
        case .nothing, .poison: return (began, nil)
        case .worker: kill(members.first { $0.kind == .worker })
        case .coordinator:
            let row = try await pool.run(Statement("select coalesce(owner, '') from partitions where id = 0"))
            let owner = try row.first?.text(0) ?? ""
            kill(members.first { $0.kind == .coordinator && owner.contains("-\($0.process.pid)-") })
        case .broker, .database:
            let service: LocalService = fault == .broker ? .broker : .database
            await services.kill(service, SIGKILL)
            try await services.restart(service)
            return (began, Self.now - began)
        }
        return (began, nil)
    }

    private func kill(_ member: Member?) {
        guard let member else { return }
        killed.insert(member.process.pid)
        Glibc.kill(member.process.pid, SIGKILL)
    }

    // MARK: What is stored

    /// Cells that the job has.
    func cells(of job: String) async throws -> Int64 {
        try await pool.run(
            Statement(
                """
                select count(*) from cells c join jobs j on j.number = c.job and j.storage = c.storage where j.id = $1
                """, [.text(job)]))[0].int64(0)
    }

    /// Of each transaction that stored cells of the job: when, in seconds from `origin`, and how many.
    func stored(of job: String, from origin: Double) async throws -> [(second: Double, cells: Int)] {
        let rows = try await pool.run(
            Statement(
                """
                select extract(epoch from stored_at)::float8 - $2, count(*)
                from cells c join jobs j on j.number = c.job and j.storage = c.storage where j.id = $1
                group by stored_at
                """, [.text(job), .float8(origin)]))
        return try rows.map { (try $0.double(0), Int(try $0.int64(1))) }
    }

    /// Records of the job that were given up.
    func dropped(of job: String) async throws -> Int64 {
        try await pool.run(
            Statement(
                """
                select count(*) from records r join jobs j on j.number = r.job and j.storage = r.storage
                where j.id = $1 and r.state = 'dropped'
                """, [.text(job)]))[0].int64(0)
    }
}
