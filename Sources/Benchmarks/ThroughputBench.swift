import ArgumentParser
import Foundation
import JSON

struct ThroughputBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "throughput",
        abstract: "Measures the whole system on this machine against the figures it has to reach.",
        discussion: """
            Prints figure and measurement side by side, the CPU by process, and writes JSON. Throughput counts from the \
            first task published to the last record stored. Exits non-zero on a miss only with BENCH_STRICT=1.
            """)

    @Option(help: "The inference server to run: a program that takes --port and --latency-ms.")
    var simulator: String?

    @Option(help: "Runs of each scene; best and median are shown.")
    var runs = 5

    @Option(help: "Records of the throughput scenes.")
    var records = 20_000

    @Option(help: "Only scenes whose name holds this text.")
    var only = ""

    @Option(help: "Where to write the JSON.")
    var json = "bench.json"

    func run() async throws {
        let scenes = Scene.all(records: records).filter { only.isEmpty || $0.name.contains(only) }
        var results: [SceneResult] = []
        for scene in scenes {
            var samples: [Sample] = []
            for number in 1...max(1, runs) {
                let sample = try await scene.measure(simulator)
                samples.append(sample)
                Report.say("\(scene.name)  run \(number)  \(sample.line)")
            }
            results.append(SceneResult(scene: scene, samples: samples))
        }
        for line in Report.table(results) { print(line) }
        let text = Report.json(results).serialized(.pretty())
        try Data(text.utf8).write(to: URL(fileURLWithPath: json))
        let isMiss = results.contains { !$0.isReached }
        if isMiss, ProcessInfo.processInfo.environment["BENCH_STRICT"] == "1" { throw ExitCode(1) }
    }
}
