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

    @Option(help: "An inference server to run instead of the shipped one: one that takes its options.")
    var simulator: String?

    @Option(help: "Only scenes whose name holds this text; repeatable.")
    var only: [String] = []

    @Option(help: "cluster, or documented: Data Designer's published controller, each worker on its own.")
    var law = "cluster"

    @Option(help: "Where to write the JSON.")
    var json = "bench-throttle.json"

    @Flag(help: "Name the scenes and end.")
    var list = false

    func run() async throws {
        let scenes = ThrottleScene.all.filter { scene in only.isEmpty || only.contains { scene.name.contains($0) } }
        if list {
            for scene in scenes { print("\(scene.name)  (\(scene.seconds) s)") }
            return
        }
        let cluster = try await ThrottleCluster.start(simulator: simulator, law: law)
        var results: [ThrottleResult] = []
        for scene in scenes {
            do {
                let result = try await cluster.measure(scene)
                results.append(result)
                // Not print: whoever waits at a pipe sees each scene when it is over.
                for line in result.lines { Report.put(line) }
            } catch {
                Report.put("\(scene.name)  FAILED: \(error)")
            }
        }
        await cluster.stop()
        let name = simulator.map { ($0 as NSString).lastPathComponent } ?? "shipped"
        let document: JSONValue = [
            "schema": "bench-throttle/v1", "simulator": .string(name), "law": .string(law),
            "scenes": .array(results.map(\.json)),
        ]
        try Data(document.serialized(.pretty()).utf8).write(to: URL(fileURLWithPath: json))
        let isMiss = results.count < scenes.count || results.contains { !$0.isReached }
        if isMiss, ProcessInfo.processInfo.environment["BENCH_STRICT"] == "1" { throw ExitCode(1) }
    }
}
