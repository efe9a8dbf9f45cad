import Foundation
import Glibc
import JSON
import LocalServices
import Logging
import Postgres

/// The system as `coordinator run` starts it: private services with the same settings, a coordinator, one worker.
final class BenchCluster {
    let services: BenchServices
    private var processes: [BenchProcess] = []
    private(set) var coordinator: BenchProcess?
    private(set) var worker: BenchProcess?
    let port: Int
    private let pool: PostgresPool

    static func start(simulator: String?, options: [String]) async throws -> BenchCluster {
        let cluster = try BenchCluster(services: try await BenchServices.start(for: "bench"))
        try await cluster.startProcesses(simulator: simulator, options: options)
        return cluster
    }

    private init(services: BenchServices) throws {
        self.services = services
        port = LoopbackPort.free(1)[0]
        pool = PostgresPool(
            url: try DatabaseURL(services.local.databaseURL), size: 1, applicationName: "bench",
            logger: Logger(label: "bench"))
    }

    var folder: String { services.folder }
    var environment: [String: String] { services.environment }

    private func startProcesses(simulator: String?, options: [String]) async throws {
        let simulator = simulator ?? BenchProcess.own("inference-simulator")
        processes.append(
            try BenchProcess(
                simulator, ["--port", "\(port)", "--prompt-echo"] + options, [:], log: "\(folder)/simulator.log",
                folder: folder))
        try services.writeProviders("http://127.0.0.1:\(port)/v1")
        _ = try BenchProcess.output(BenchProcess.own("coordinator"), ["migrate"], environment, folder: folder)
        let coordinator = try BenchProcess(
            BenchProcess.own("coordinator"), ["serve"], environment, log: "\(folder)/coordinator.log", folder: folder)
        let worker = try BenchProcess(
            BenchProcess.own("worker"), ["run", "--providers", "providers.yaml", "--name", "w1"], environment,
            log: "\(folder)/worker.log", folder: folder)
        processes += [coordinator, worker]
        self.coordinator = coordinator
        self.worker = worker
        // Both have found each other when a small job is done.
        _ = try await runJob(BenchWorkflow.text(cap: 64), records: 20)
    }

    /// Runs a job to its end. Returns the seconds from its first dispatch to its last record, by the database's clock.
    func runJob(_ workflow: String, records: Int) async throws -> Double {
        let path = "\(folder)/workflow.yaml"
        try Data(workflow.utf8).write(to: URL(fileURLWithPath: path))
        let job = try BenchProcess.output(
            BenchProcess.own("coordinator"), ["submit", path, "-n", "\(records)"], environment, folder: folder)
        let id = job.trimmingCharacters(in: .whitespacesAndNewlines)
        // Polled rarely, so that the poll is not what is measured.
        while true {
            let rows = try await pool.run(
                Statement(
                    """
                    select state, coalesce(extract(epoch from ended_at - started_at), 0)::float8 from jobs where id = $1
                    """, [.text(id)]))
            let state = try rows[0].text(0)
            if state == "completed" { return try rows[0].double(1) }
            if state == "failed" || state == "cancelled" { throw BenchError("the job \(state)") }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    func processorTimes() async -> [String: Duration] {
        var times: [String: Duration] = [:]
        times["coordinator"] = coordinator.map { ProcessorTime.ofTree($0.pid) }
        times["worker"] = worker.map { ProcessorTime.ofTree($0.pid) }
        for service in LocalService.allCases {
            times[service.rawValue] = await services.local.processID(of: service).map(ProcessorTime.ofTree)
        }
        return times
    }

    /// What the simulator answers to a GET.
    func simulator(_ path: String) throws -> JSONValue {
        try JSONValue(parsing: simulatorText(path))
    }

    func simulatorText(_ path: String) throws -> String {
        try BenchProcess.output("/usr/bin/curl", ["-sf", "http://127.0.0.1:\(port)/\(path)"])
    }

    func stop() async {
        await pool.close()
        for process in processes.dropFirst().reversed() { process.stop() }
        // The simulator has nothing to finish, and not every one listens to SIGTERM.
        processes.first?.stop(SIGKILL)
        await services.stop()
    }
}
