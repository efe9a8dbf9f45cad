import Foundation
import JSON
import Messages
import TestSupport
import Testing

extension EndToEnd {
    /// What people say about limits: caps, scopes, run settings; and a worker that hears nothing of them.
    @Suite(.serialized) struct LimitSettingTests {
        private func routes(_ cluster: TestCluster) async throws -> [JSONValue] {
            let answer = try await cluster.coordinator(["routes", "-o", "json"])
            return try JSONValue(parsing: answer.output)["routes"]?.arrayValue ?? []
        }

        private func writer(_ cluster: TestCluster) async throws -> JSONValue {
            try await routes(cluster).first { $0["model"]?.stringValue == "sim/writer" } ?? .null
        }

        private func mostInFlight(_ model: String, _ cluster: TestCluster) async throws -> Int {
            try await cluster.simulatorModel(model)["max_in_flight"]?.intValue ?? -1
        }

        @Test func `workers that the fanout no longer reaches notice it, and mend it by themselves`() async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "60", "--model-concurrency", "sim/writer=6"])
            try await cluster.startCoordinator()
            var workers: [String: TestProcess] = [:]
            for number in 1...3 { workers["w\(number)"] = try await cluster.startWorker() }
            let job = try await cluster.submit(records: 800)
            var leader = ""
            try await eventually("somebody leads") {
                leader = try await writer(cluster)["leader"]?.stringValue ?? ""
                return !leader.isEmpty
            }
            let follower = try #require(workers.keys.sorted().first { $0 != leader })
            for cut in [leader, follower] {
                try await cluster.unbind(queue: Topics.inbox(of: cut), from: Topics.signals)
                try await eventually("\(cut) notices that it hears nothing") {
                    workers[cut]?.log.contains("inbox_silent") == true
                }
                try await eventually("\(cut) has its part again") {
                    let parts = try await writer(cluster)["workers"]?.arrayValue ?? []
                    return parts.contains { $0["worker"]?.stringValue == cut && $0["share"]?.intValue ?? 0 > 0 }
                }
            }
            #expect(try await cluster.wait(job) == 0)
            let status = try await cluster.status(job)
            #expect(status["records"]?["completed"]?.intValue == 800)
            #expect(status["attempts"]?["failed"]?.intValue == 0)
            await cluster.stop()
        }

        @Test func `a job's cap is set while it runs, up and back`() async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "100"])
            try await cluster.startCoordinator()
            try await cluster.startWorker()
            let job = try await cluster.submit(records: 400, arguments: ["--max-parallel", "writer=2"])
            try await eventually("it is under way") { try await mostInFlight("sim/writer", cluster) > 0 }
            #expect(try await mostInFlight("sim/writer", cluster) <= 2)
            let set = try await cluster.coordinator(["set", job, "--max-parallel", "writer=24"])
            #expect(set.exit == 0, "\(set.errors)")
            try await eventually("the higher cap holds") { try await mostInFlight("sim/writer", cluster) > 8 }
            #expect(try await mostInFlight("sim/writer", cluster) <= 24)
            #expect(try await cluster.coordinator(["set", job, "--max-parallel", "nobody=2"]).exit == 64)
            #expect(try await cluster.coordinator(["set", job, "--max-parallel", "writer=0"]).exit == 0)
            try await eventually("the file's cap holds again") {
                try await writer(cluster)["cap"]?.intValue == 64
            }
            #expect(try await cluster.coordinator(["cancel", job, "--now"]).exit == 0)
            await cluster.stop()
        }

        @Test func `an operator's cap replaces the file's, and a scope names the limit`() async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "40"])
            try cluster.writeProviders(
                endpoint: "http://127.0.0.1:\(await cluster.simulatorPort)/v1",
                extra: ["limit_scope: farm", "max_parallel_requests: {sim/writer: 3}"])
            try await cluster.startCoordinator()
            for _ in 0..<2 { try await cluster.startWorker() }
            let job = try await cluster.submit(records: 120)
            var seen: JSONValue = .null
            try await eventually("both workers are heard") {
                seen = try await writer(cluster)
                return seen["workers"]?.arrayValue?.count == 2 && seen["cap"]?.intValue == 3
            }
            #expect(seen["operator_cap"] == .bool(true))
            #expect(seen["limit_key"]?.stringValue == "farm|-|sim/writer|chat")
            try await eventually("it is said what holds the job back") {
                try await cluster.coordinator(["status", job]).output
                    .contains("held back by: max_parallel_requests 3 of nim-a/sim/writer in providers.yaml")
            }
            #expect(try await cluster.wait(job) == 0)
            #expect(try await mostInFlight("sim/writer", cluster) == 3)
            await cluster.stop()
        }

        @Test func `an endpoint that refuses everything opens the breaker, and is waited for`() async throws {
            let cluster = try await TestCluster.make()
            let simulator = [
                "--latency-ms", "20", "--clock-on-first-request", "--capacity-schedule", "0:0,14:16",
            ]
            try await cluster.startSimulator(simulator)
            try await cluster.startCoordinator()
            try await cluster.startWorker()
            let settings = "\(cluster.folder)/run.yaml"
            try Data("throttle: {breaker_seconds: 2}\n".utf8).write(to: URL(fileURLWithPath: settings))
            let job = try await cluster.submit(records: 60, arguments: ["--run-config", settings])
            try await eventually("status says what it waits for") {
                let held = try await cluster.status(job)["held_back"]?.arrayValue?.compactMap(\.stringValue) ?? []
                return held.contains { $0.hasPrefix("waiting on nim-a/sim/writer for ") && $0.contains("prob") }
            }
            #expect(try await cluster.wait(job) == 0)
            let status = try await cluster.status(job)
            #expect(status["records"]?["completed"]?.intValue == 60, "none was dropped")
            #expect(status["attempts"]?["failed"]?.intValue == 0, "and none charged")
            // Thirty seconds of refusals would be needed without the setting; the endpoint refused for 14.
            let history = try await cluster.coordinator(["routes", "--history", "600", "-o", "json"])
            let limits = try JSONValue(parsing: history.output)["limits"]?.arrayValue ?? []
            let states = limits.flatMap { $0["state"]?.arrayValue ?? [] }.compactMap(\.stringValue)
            #expect(states.contains("open"))
            await cluster.stop()
        }

        @Test func `run settings choose the law, and vectors have a limit of their own`() async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "30", "--model-concurrency", "sim/writer=4"])
            try await cluster.startCoordinator()
            try await cluster.startWorker()
            let settings = "\(cluster.folder)/run.yaml"
            try Data("throttle: {law: documented, cooldown_seconds: 0.05}\n".utf8).write(
                to: URL(fileURLWithPath: settings))
            let workflow = """
                columns:
                  - {name: id, column_type: sampler, sampler_type: uuid, params: {}}
                  - {name: title, column_type: llm-text, model_alias: writer, prompt: "Title {{ id }}"}
                  - {name: vector, column_type: embedding, model_alias: vectors, target_column: title}
                model_configs:
                  - {alias: writer, model: sim/writer, provider: nim-a, inference_parameters: {max_parallel_requests: 16}}
                  - alias: vectors
                    model: sim/writer
                    provider: nim-a
                    inference_parameters: {generation_type: embedding, max_parallel_requests: 5}
                """
            let job = try await cluster.submit(records: 60, workflow: workflow, arguments: ["--run-config", settings])
            var seen: [JSONValue] = []
            try await eventually("both routes are heard of") {
                seen = try await routes(cluster)
                return seen.count == 2
            }
            #expect(seen.compactMap { $0["domain"]?.stringValue } == ["chat", "embedding"])
            #expect(seen.compactMap { $0["cap"]?.intValue } == [16, 5])
            #expect(seen.compactMap { $0["leader"]?.stringValue } == ["", ""], "the published law has no leader")
            #expect(try await cluster.wait(job) == 0)
            #expect(try await cluster.simulatorTotal("r429") > 0)
            await cluster.stop()
        }
    }
}
