import Foundation
import Glibc
import JSON
import TestSupport
import Testing

extension EndToEnd {
    @Suite(.serialized) struct LimitTests {
        private func routes(_ cluster: TestCluster) async throws -> [JSONValue] {
            let answer = try await cluster.coordinator(["routes", "-o", "json"])
            return try JSONValue(parsing: answer.output)["routes"]?.arrayValue ?? []
        }

        @Test func `three workers share what an endpoint takes, and routes shows how`() async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "60", "--model-concurrency", "sim/writer=6"])
            try await cluster.startCoordinator()
            for _ in 0..<3 { try await cluster.startWorker() }
            let job = try await cluster.submit(records: 200)
            var seen: JSONValue?
            try await eventually("all three have a share", within: .seconds(60)) {
                seen = try await routes(cluster).first { $0["model"]?.stringValue == "sim/writer" }
                let workers = seen?["workers"]?.arrayValue ?? []
                return workers.filter { $0["share"]?.intValue ?? 0 > 0 }.count == 3
                    && seen?["refused"]?.intValue ?? 0 > 0 && seen?["ceiling"]?.intValue != nil
            }
            let limit = try #require(seen?["limit"]?.intValue)
            #expect((3...12).contains(limit), "\(limit)")
            #expect(seen?["leader"]?.stringValue?.isEmpty == false)
            #expect(seen?["cap"]?.intValue == 64)
            #expect(seen?["moved_by"]?.stringValue?.isEmpty == false)
            #expect(try await cluster.wait(job) == 0)
            #expect(try await cluster.status(job)["attempts"]?["failed"]?.intValue == 0)
            let history = try await cluster.coordinator(["routes", "--history", "600", "-o", "json"])
            let limits = try JSONValue(parsing: history.output)["limits"]?.arrayValue ?? []
            #expect(limits.contains { ($0["limit"]?.arrayValue?.count ?? 0) > 3 })
            await cluster.stop()
        }

        @Test func `the leader of a limit is killed and another goes on from where it was`() async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "60", "--model-concurrency", "sim/writer=6"])
            try await cluster.startCoordinator()
            var workers: [String: TestProcess] = [:]
            for number in 1...3 { workers["w\(number)"] = try await cluster.startWorker() }
            let job = try await cluster.submit(records: 500)
            func leader() async throws -> String {
                let route = try await routes(cluster).first { $0["model"]?.stringValue == "sim/writer" }
                return route?["leader"]?.stringValue ?? ""
            }
            var first = ""
            try await eventually("somebody leads", within: .seconds(30)) {
                first = try await leader()
                return !first.isEmpty
            }
            try #require(workers[first]).signal(SIGKILL)
            try await eventually("another leads", within: .seconds(30)) {
                let now = try await leader()
                return !now.isEmpty && now != first
            }
            #expect(try await cluster.wait(job) == 0)
            #expect(try await cluster.status(job)["records"]?["completed"]?.intValue == 500)
            await cluster.stop()
        }

        @Test func `a cap given for one job bounds its calls`() async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "30"])
            try await cluster.startCoordinator()
            try await cluster.startWorker()
            let job = try await cluster.submit(records: 60, arguments: ["--max-parallel", "writer=3"])
            #expect(try await cluster.wait(job) == 0)
            #expect(try await cluster.simulatorModel("sim/writer")["max_in_flight"]?.intValue ?? 99 <= 3)
            #expect(try await cluster.simulatorModel("sim/critic")["max_in_flight"]?.intValue ?? 0 > 3)
            let wrong = try await cluster.coordinator([
                "submit", "\(cluster.folder)/workflow.yaml", "-n", "1", "--max-parallel", "nobody=3",
            ])
            #expect(wrong.exit == 64)
            #expect(wrong.errors.contains("writer, critic"))
            await cluster.stop()
        }
    }
}
