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

    private let services: BenchServices
    /// The text in a prompt that ends whatever process calls for it.
    private let poison: String
    let pool: PostgresPool
    private let simulatorArguments: [String]
    private var simulator: BenchProcess?
    private var members: [Member] = []
    private var others: [BenchProcess] = []
    private var started = 0
    private var supervision: Task<Void, any Error>?
    /// Ends of processes that nobody sent a signal, by the clock of this machine.
    private(set) var deaths: [Double] = []
    private var killed: Set<Int32> = []

    /// - Parameter poison: the record, of a job that has one, that ends whatever process calls for it.
    static func start(poison: Int, latencyMilliseconds: Int) async throws -> RecoveryCluster {
        let services = try await BenchServices.start(for: "recovery")
        let cluster = try RecoveryCluster(services, "number \(poison),", latencyMilliseconds)
        try await cluster.startSimulator()
        try await cluster.startMembers()
        return cluster
    }

    private init(_ services: BenchServices, _ poison: String, _ latencyMilliseconds: Int) throws {
        (self.services, self.poison) = (services, poison)
        let port = LoopbackPort.free(1)[0]
        simulatorArguments = [
            // Calls that take the same time, begun together, come in waves, which no second's count shows as they are.
            "--port", "\(port)", "--latency-ms", "\(latencyMilliseconds)", "--latency-jitter", "0.5",
        ]
        try services.writeProviders("http://127.0.0.1:\(port)/v1")
        pool = PostgresPool(
            url: try DatabaseURL(services.local.databaseURL), size: 1, applicationName: "bench",
            logger: Logger(label: "bench"))
    }

    nonisolated var folder: String { services.folder }

    private nonisolated var environment: [String: String] {
        services.environment.merging(["TESSERA_LOG_FORMAT": "text", "TESSERA_CRASH_ON": "kill:\(poison)"]) { $1 }
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
        for process in others { process.stop(SIGKILL) }
        simulator?.stop(SIGKILL)
        await services.stop()
    }

    // MARK: The endpoint

    func startSimulator() throws {
        simulator = try BenchProcess(
            BenchProcess.own("inference-simulator"), simulatorArguments, [:], log: "\(folder)/simulator.log",
            folder: folder)
    }

    func killSimulator() { simulator?.stop(SIGKILL) }

    func signalSimulator(_ signal: Int32) {
        if let simulator { Glibc.kill(simulator.pid, signal) }
    }

    /// Adds a worker whose key its endpoint, another one, refuses.
    ///
    /// - Returns: where that endpoint tells what it was asked.
    func startWorkerWithWrongKey() throws -> String {
        let port = LoopbackPort.free(1)[0]
        others.append(
            try BenchProcess(
                BenchProcess.own("inference-simulator"), ["--port", "\(port)", "--fail-status", "401"], [:],
                log: "\(folder)/refusing.log", folder: folder))
        try services.writeProviders("http://127.0.0.1:\(port)/v1", to: "wrong.yaml")
        others.append(
            try BenchProcess(
                BenchProcess.own("worker"), ["run", "--providers", "wrong.yaml", "--name", "wrong"], environment,
                log: "\(folder)/wrong.log", folder: folder))
        return "http://127.0.0.1:\(port)/stats"
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
            await services.local.kill(service, SIGKILL)
            try await services.local.restart(service)
            return (began, Self.now - began)
        }
        return (began, nil)
    }

    private func kill(_ member: Member?) {
        guard let member else { return }
        killed.insert(member.process.pid)
        Glibc.kill(member.process.pid, SIGKILL)
    }
}
