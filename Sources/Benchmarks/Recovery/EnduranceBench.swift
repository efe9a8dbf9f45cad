import ArgumentParser
import Foundation
import Glibc
import JSON

struct EnduranceBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "endurance",
        abstract: "Sees what a job bears over minutes: an endpoint away for five, a wrong key, a storm of kills.",
        discussion: """
            Real processes: four workers, two coordinators of one partition, private services, the shipped simulator. \
            Each scene prints what was lost, charged and called in vain. Exits non-zero on a miss.
            """)

    enum Scene: String, CaseIterable, ExpressibleByArgument { case outage, silence, key, storm }

    @Option(help: "Only this scene: outage, silence, key, storm.")
    var only: Scene?

    @Option(help: "Seconds that the endpoint is away, and that the wrong key is tried.")
    var seconds = 300

    @Option(help: "Seconds between two strikes of the storm.")
    var interval = 16

    /// Each of four workers holds 256 deliveries: a quarter of the calls, a quarter more, and what is being answered.
    @Option(help: "Calls under way at once in the storm (max_parallel_requests), of --latency-ms each.")
    var cap = 768

    @Option(name: .customLong("latency-ms"), help: "How long a call of the storm takes.")
    var latencyMilliseconds = 600

    private static let workers = RecoveryCluster.workers
    /// Calls in vain that a worker may make beyond those in flight when it began.
    private static let callsInVain = 20
    /// Calls under way in the scenes that last for minutes, of 100 ms each.
    private static let calmCap = 16

    func run() async throws {
        var misses: [String] = []
        for scene in Scene.allCases where only == nil || only == scene {
            misses += try await play(scene)
        }
        for miss in misses { Report.put("missed: \(miss)") }
        if !misses.isEmpty { throw ExitCode(1) }
    }

    private func play(_ scene: Scene) async throws -> [String] {
        if scene == .storm {
            let storm = RecoveryStorm(cap: cap, latencyMilliseconds: latencyMilliseconds, interval: interval)
            return try await storm.run()
        }
        let cap = Self.calmCap
        let seconds = scene == .key ? self.seconds + 20 : 60
        let records = cap * 10 * seconds
        let cluster = try await RecoveryCluster.start(poison: -1, latencyMilliseconds: 100)
        try cluster.writeWorkflows(records: records, cap: cap)
        let outcome: Outcome
        switch scene {
        case .key: outcome = try await wrongKey(on: cluster, records)
        case .outage, .silence, .storm: outcome = try await outage(on: cluster, records, silent: scene == .silence)
        }
        await cluster.stop()
        let allowed = cap + outcome.workers * Self.callsInVain
        Report.put(
            "\(scene.rawValue): \(outcome.completed) of \(records) records, \(outcome.charged) attempts charged, "
                + "\(outcome.inVain) calls in vain (at most \(cap) in flight and \(Self.callsInVain) a worker: "
                + "\(allowed)), \(outcome.remark)")
        return [
            outcome.completed == records ? nil : "records were lost",
            outcome.charged == 0 ? nil : "attempts were charged",
            outcome.inVain <= allowed ? nil : "too many calls in vain",
            outcome.isNamed ? nil : "not named",
        ].compactMap { $0.map { "\(scene.rawValue): \($0)" } }
    }

    private struct Outcome {
        let completed: Int
        let charged: Int
        let inVain: Int
        /// Workers whose calls those are.
        let workers: Int
        /// Whether the commands say who or what it is.
        let isNamed: Bool
        let remark: String
    }

    // MARK: Scenes

    private func outage(on cluster: RecoveryCluster, _ records: Int, silent: Bool) async throws -> Outcome {
        let job = try cluster.submit(records: records)
        try await cluster.wait("the middle") { try await cluster.cells(of: job) >= records / 4 }
        if silent { await cluster.signalSimulator(SIGSTOP) } else { await cluster.killSimulator() }
        try await Task.sleep(for: .seconds(seconds))
        let status = try cluster.status(job)
        let reason = status["reason"]?.stringValue ?? ""
        let listed = try cluster.command(["workers", "list"])
        let kind = silent ? "unresponsive" : "connection"
        if silent { await cluster.signalSimulator(SIGCONT) } else { try await cluster.startSimulator() }
        let back = RecoveryCluster.now
        let stood = try await cluster.cells(of: job)
        try await cluster.wait("cells again") { try await cluster.cells(of: job) > stood + 10 }
        let first = RecoveryCluster.now - back
        return try await ended(
            job, on: cluster, inVain: nil, workers: Self.workers,
            isNamed: status["state"]?.stringValue == "waiting" && reason.contains(kind) && listed.contains(kind),
            "cells again after \(Report.short(first)) s; said meanwhile: \(reason)")
    }

    private func wrongKey(on cluster: RecoveryCluster, _ records: Int) async throws -> Outcome {
        let stats = try await cluster.startWorkerWithWrongKey()
        let job = try cluster.submit(records: records)
        try await Task.sleep(for: .seconds(seconds))
        let shown = try cluster.command(["workers", "show", "wrong"])
        let state = try cluster.status(job)["state"]?.stringValue ?? ""
        let errors = try JSONValue(parsing: try BenchProcess.output("/usr/bin/curl", ["-sf", stats]))["errors"]
        return try await ended(
            job, on: cluster, inVain: errors?.intValue ?? .max, workers: 1,
            isNamed: shown.contains("authentication") && state == "running",
            "the job \(state) beside it")
    }

    private func ended(
        _ job: String, on cluster: RecoveryCluster, inVain: Int?, workers: Int, isNamed: Bool, _ remark: String
    ) async throws -> Outcome {
        try await cluster.wait("the end", seconds: 600) {
            ["completed", "failed"].contains(try cluster.status(job)["state"]?.stringValue)
        }
        let status = try cluster.status(job)
        let calls: Int
        if let inVain { calls = inVain } else { calls = Int(try await cluster.callsInVain(of: job)) }
        return Outcome(
            completed: status["records"]?["completed"]?.intValue ?? -1,
            charged: status["attempts"]?["failed"]?.intValue ?? -1, inVain: calls, workers: workers, isNamed: isNamed,
            remark: remark)
    }
}
