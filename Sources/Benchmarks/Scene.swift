import Foundation
import Glibc
import JSON
import LocalServices

/// One thing that is measured, with the figure it has to reach.
struct Scene {
    let name: String
    let figure: String
    let isReached: (Sample) -> Bool
    let isBetter: (Sample, Sample) -> Bool
    let measure: (_ simulator: String?) async throws -> Sample

    static func all(records: Int) -> [Scene] {
        [
            throughput("at once", records: records, options: ["--latency-ms", "0"], cap: 1024),
            throughput("100 ms", records: records, options: ["--latency-ms", "100"], cap: 1024),
            structured(records: records), chainLatency, coldStart, sampling,
        ]
    }

    private static func throughput(_ name: String, records: Int, options: [String], cap: Int) -> Scene {
        let isCostly = name == "at once"
        return Scene(
            name: name,
            figure: isCostly ? ">= 3,000 cells/s, <= 450 µs CPU a cell, ours <= 200 µs" : ">= 3,000 cells/s",
            isReached: { sample in
                sample["cells_per_second"] >= 3000
                    && (!isCostly || (sample["cpu_us_all"] <= 450 && sample["cpu_us_ours"] <= 200))
            },
            isBetter: { $0["cells_per_second"] > $1["cells_per_second"] },
            measure: { simulator in
                let cluster = try await BenchCluster.start(simulator: simulator, options: options)
                let before = await cluster.processorTimes()
                let seconds = try await cluster.runJob(BenchWorkflow.text(cap: cap), records: records)
                let after = await cluster.processorTimes()
                await cluster.stop()
                var sample = Sample()
                sample["cells_per_second"] = Double(records) / seconds
                sample["seconds"] = seconds
                for (process, time) in after {
                    let spent = (time - (before[process] ?? .zero)) / .microseconds(1) / Double(records)
                    sample["cpu_us_\(process)"] = spent
                    sample["cpu_us_all"] += spent
                    if process == "coordinator" || process == "worker" { sample["cpu_us_ours"] += spent }
                }
                return sample
            })
    }

    /// What an answer costs that must match a schema, against one that is taken as it is.
    private static func structured(records: Int) -> Scene {
        Scene(
            name: "structured against text", figure: "<= 1.4 x the CPU of a text cell",
            isReached: { $0["ratio"] <= 1.4 },
            isBetter: { $0["ratio"] < $1["ratio"] },
            measure: { _ in
                // The shipped simulator, which answers by schema.
                let cluster = try await BenchCluster.start(simulator: nil, options: ["--latency-ms", "0"])
                var sample = Sample()
                for (name, workflow) in [
                    ("text", BenchWorkflow.text(cap: 1024)), ("structured", BenchWorkflow.structured(cap: 1024)),
                ] {
                    let before = await cluster.processorTimes()
                    _ = try await cluster.runJob(workflow, records: records)
                    for (process, time) in await cluster.processorTimes() {
                        let spent = (time - (before[process] ?? .zero)) / .microseconds(1) / Double(records)
                        sample["cpu_us_\(name)"] += spent
                        sample["cpu_us_\(name)_\(process)"] = spent
                    }
                }
                await cluster.stop()
                sample["ratio"] = sample["cpu_us_structured"] / sample["cpu_us_text"]
                return sample
            })
    }

    /// From a cell's reply to the request of the cell that needs it, one record at a time.
    private static var chainLatency: Scene {
        Scene(
            name: "dependent cell", figure: "<= 25 ms, median", isReached: { $0["median_ms"] <= 25 },
            isBetter: { $0["median_ms"] < $1["median_ms"] },
            measure: { simulator in
                let cluster = try await BenchCluster.start(
                    simulator: simulator, options: ["--latency-ms", "50", "--keep-requests", "1000"])
                var gaps: [Double] = []
                for _ in 0..<25 {
                    _ = try await cluster.runJob(BenchWorkflow.chain(cap: 8), records: 1)
                    let calls = try cluster.simulatorText("requests").split(separator: "\n").suffix(2)
                        .map { try JSONValue(parsing: $0) }
                    guard calls.count == 2, let first = calls[0]["second"]?.doubleValue,
                        let service = calls[0]["service_ms"]?.doubleValue, let second = calls[1]["second"]?.doubleValue
                    else { throw BenchError("the simulator does not tell when calls came") }
                    gaps.append((second - first) * 1000 - service)
                }
                await cluster.stop()
                gaps.sort()
                var sample = Sample()
                sample["median_ms"] = gaps[gaps.count / 2]
                sample["worst_ms"] = gaps[gaps.count - 1]
                return sample
            })
    }

    /// `coordinator run` in an empty folder until the simulator sees the first call.
    private static var coldStart: Scene {
        Scene(
            name: "cold start", figure: "<= 10 s", isReached: { $0["seconds"] <= 10 },
            isBetter: { $0["seconds"] < $1["seconds"] },
            measure: { simulator in
                let folder = NSTemporaryDirectory() + "tessera-cold-\(UInt32.random(in: 0 ... .max))"
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                let port = LoopbackPort.free(1)[0]
                let server = try BenchProcess(
                    simulator ?? BenchProcess.own("inference-simulator"), ["--port", "\(port)", "--latency-ms", "10"],
                    [:],
                    log: "\(folder)/simulator.log", folder: folder)
                let providers = "providers:\n  - name: bench\n    endpoint: http://127.0.0.1:\(port)/v1\n"
                try Data(providers.utf8).write(to: URL(fileURLWithPath: "\(folder)/providers.yaml"))
                try Data(BenchWorkflow.text(cap: 64).utf8).write(to: URL(fileURLWithPath: "\(folder)/workflow.yaml"))
                let start = ContinuousClock.now
                let run = try BenchProcess(
                    BenchProcess.own("coordinator"),
                    ["run", "workflow.yaml", "-n", "200", "--providers", "providers.yaml"],
                    [:], log: "\(folder)/run.log", folder: folder)
                while true {
                    let stats = try? BenchProcess.output("/usr/bin/curl", ["-sf", "http://127.0.0.1:\(port)/stats"])
                    let requests = try stats.map { try JSONValue(parsing: $0)["requests"]?.intValue ?? 0 } ?? 0
                    if requests > 0 { break }
                    if start.duration(to: .now) > .seconds(120) { throw BenchError("no call in 120 s") }
                    try await Task.sleep(for: .milliseconds(20))
                }
                var sample = Sample()
                sample["seconds"] = start.duration(to: .now) / .seconds(1)
                run.stop(SIGINT)
                server.stop(SIGKILL)
                return sample
            })
    }
}
