import ArgumentParser
import Foundation
import JSON

struct ThrottleBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "throttle",
        abstract: "Measures the cluster's limit with real processes against inference simulators.",
        discussion: """
            Goodput is busy slot-seconds over capacity x window at the simulator. Prints each scene's figures beside what \
            it has to reach, and writes JSON with the limit, calls in flight and refusals by second. Exits non-zero on a \
            miss only with BENCH_STRICT=1.
            """)

    @Option(
        help:
            "shipped, or the path of an inference server that takes its options; repeatable. The first has the baseline."
    )
    var simulator: [String] = ["shipped"]

    @Option(help: "Only scenes whose name holds this text; repeatable.")
    var only: [String] = []

    @Option(help: "cluster, or documented: Data Designer's published controller, each worker on its own; repeatable.")
    var law: [String] = ["cluster", "documented"]

    @Option(help: "How many trials at once; heavy ones run alone.")
    var atOnce = 8

    @Option(help: "How many workers at once.")
    var workers = 32

    @Option(help: "The folder for SIMULATOR-LAW.json.")
    var out = "bench-throttle"

    @Flag(help: "Name the trials and end.")
    var list = false

    func run() async throws {
        let trials = self.trials
        if list {
            for trial in trials { print("\(trial.title)  (\(trial.scene.seconds) s)") }
            return
        }
        let services = try await ThrottleServices.start()
        let cluster = try ThrottleCluster(services.services)
        let results = await measure(trials, on: cluster)
        await cluster.close()
        await services.stop()
        try write(results)
        let order = results.sorted { $0.trial.number < $1.trial.number }
        Report.put("")
        for line in order.flatMap(\.lines) { Report.put(line) }
        let missed = order.filter { !$0.isReached && $0.trial.law == "cluster" }.map(\.trial.title)
        let failed = trials.count - results.count
        Report.put("")
        Report.put(
            "\(trials.count) trials; the cluster's law missed: "
                + (missed.isEmpty ? "none" : missed.joined(separator: "; ")) + (failed > 0 ? "; \(failed) FAILED" : ""))
        let isStrict = ProcessInfo.processInfo.environment["BENCH_STRICT"] == "1"
        if isStrict, !missed.isEmpty || failed > 0 { throw ExitCode(1) }
    }

    private var trials: [ThrottleTrial] {
        let scenes = ThrottleScene.all.filter { scene in only.isEmpty || only.contains { scene.name.contains($0) } }
        var trials: [ThrottleTrial] = []
        for (place, text) in simulator.enumerated() {
            for law in law where law == "cluster" || place == 0 {
                for scene in scenes where law == "cluster" || scene.hasBaseline {
                    trials.append(
                        ThrottleTrial(
                            number: trials.count + 1, scene: scene, simulator: ThrottleSimulator(text), law: law))
                }
            }
        }
        return trials
    }

    private func measure(_ trials: [ThrottleTrial], on cluster: ThrottleCluster) async -> [ThrottleResult] {
        var queue = TrialQueue(trials, atOnce: atOnce, workers: workers)
        return await withTaskGroup(of: (Int, ThrottleResult?).self) { group in
            var results: [ThrottleResult] = []
            func startMore() {
                while let trial = queue.next() {
                    group.addTask {
                        do {
                            let result = try await cluster.measure(trial)
                            // Whoever waits at a pipe sees each when it is over.
                            for line in result.lines { Report.put(line) }
                            return (trial.number, result)
                        } catch {
                            Report.put("\(trial.title)  FAILED: \(error)")
                            return (trial.number, nil)
                        }
                    }
                }
            }
            startMore()
            while let (number, result) = await group.next() {
                if let result { results.append(result) }
                queue.ended(number)
                startMore()
            }
            return results
        }
    }

    private func write(_ results: [ThrottleResult]) throws {
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
        let groups = Dictionary(grouping: results) { "\($0.trial.simulator.name)-\($0.trial.law)" }
        for (name, group) in groups {
            guard let first = group.first else { continue }
            let document: JSONValue = [
                "schema": "bench-throttle/v1", "simulator": .string(first.trial.simulator.name),
                "law": .string(first.trial.law),
                "scenes": .array(group.sorted { $0.trial.number < $1.trial.number }.map(\.json)),
            ]
            try Data(document.serialized(.pretty()).utf8).write(to: URL(fileURLWithPath: "\(out)/\(name).json"))
        }
    }
}
