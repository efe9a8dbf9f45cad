import Foundation
import JSON
import Postgres
import TestSupport
import Testing

extension EndToEnd {
    /// Several jobs on one endpoint. What is compared are counts of cells, so that a slow machine changes nothing.
    @Suite(.serialized) struct FairnessTests {
        private static let workflow = """
            columns:
              - {name: id, column_type: sampler, sampler_type: uuid, params: {}}
              - {name: text, column_type: llm-text, model_alias: writer, prompt: "Text {{ id }}"}
            model_configs:
              - {alias: writer, model: sim/writer, provider: nim-a, inference_parameters: {max_parallel_requests: 32}}
            """

        /// Cells stored of each job, in the order of the names.
        private func stored(_ cluster: TestCluster, _ jobs: [String]) async throws -> [Int] {
            let rows = try await cluster.pool.run(
                Statement(
                    """
                    select coalesce(sum(u.stored), 0)::bigint from unnest($1::text[]) with ordinality as w (id, place)
                    join jobs j on j.id = w.id left join usage u on u.job = j.number group by w.place order by w.place
                    """, [.textArray(jobs)]))
            var counts: [Int] = []
            for row in rows { counts.append(Int(try row.int64(0))) }
            return counts
        }

        /// Two jobs side by side; the cells of each in a time in which both have work.
        private func race(_ priorities: [Int], partitions: Int = 1) async throws -> [Int] {
            let cluster = try await TestCluster.make(partitions: partitions)
            try await cluster.startSimulator(["--latency-ms", "40", "--model-concurrency", "sim/writer=16"])
            try await cluster.startCoordinator()
            for _ in 0..<2 { try await cluster.startWorker() }
            var jobs: [String] = []
            for (place, priority) in priorities.enumerated() {
                jobs.append(
                    try await cluster.submit(
                        records: 100_000, seed: place, workflow: Self.workflow,
                        arguments: ["--name", "job-\(place)", "--priority", "\(priority)"]))
            }
            var first: [Int] = []
            try await eventually("both are under way") {
                first = try await stored(cluster, jobs)
                return first.allSatisfy { $0 >= 60 }
            }
            var last = first
            try await eventually("enough is made to compare") {
                last = try await stored(cluster, jobs)
                return last.reduce(0, +) - first.reduce(0, +) >= 2500
            }
            await cluster.stop()
            return zip(last, first).map(-)
        }

        @Test(arguments: [1, 16]) func `two jobs of equal priority get equal shares`(_ partitions: Int) async throws {
            let cells = try await race([4, 4], partitions: partitions)
            let ratio = Double(cells[0]) / Double(cells[1])
            #expect((0.9...1.1).contains(ratio), "\(cells)")
        }

        @Test func `priority 9 gets ten times what priority 0 gets`() async throws {
            let cells = try await race([9, 0])
            let ratio = Double(cells[0]) / Double(cells[1])
            #expect((8...12.5).contains(ratio), "\(cells)")
        }

        @Test func `ten records beside a hundred thousand are done in the time of a few calls`() async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "100", "--model-concurrency", "sim/writer=16"])
            try await cluster.startCoordinator()
            try await cluster.startWorker()
            let large = try await cluster.submit(
                records: 100_000, workflow: Self.workflow, arguments: ["--name", "large"])
            try await eventually("the large one fills the endpoint") { try await stored(cluster, [large])[0] > 500 }
            let before = try await stored(cluster, [large])[0]
            let small = try await cluster.submit(records: 10, workflow: Self.workflow, arguments: ["--name", "small"])
            #expect(try await cluster.wait(small) == 0)
            let after = try await stored(cluster, [large])[0]
            // Sixteen at a time: so many calls came after each other meanwhile.
            let calls = Double(after - before) / 16
            #expect(calls < 25, "\(calls) calls")
            await cluster.stop()
        }

        @Test func `a job whose endpoint is down holds nothing that another needs`() async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "20"])
            let port = await cluster.simulatorPort
            // nim-a is where nobody listens.
            let yaml = """
                providers:
                  - {name: nim-a, endpoint: "http://127.0.0.1:9/v1"}
                  - {name: nim-b, endpoint: "http://127.0.0.1:\(port)/v1"}

                """
            try Data(yaml.utf8).write(to: URL(fileURLWithPath: cluster.providersFile))
            try await cluster.startCoordinator()
            try await cluster.startWorker()
            let down = try await cluster.submit(
                records: 50_000, workflow: Self.workflow, arguments: ["--name", "down"])
            try await eventually("it is said what it waits for") {
                try await cluster.status(down)["state"]?.stringValue == "waiting"
            }
            let up = try await cluster.submit(
                records: 3000, workflow: Self.workflow.replacing("nim-a", with: "nim-b"), arguments: ["--name", "up"])
            #expect(try await cluster.wait(up) == 0)
            let status = try await cluster.status(down)
            #expect(status["state"]?.stringValue == "waiting")
            #expect(status["records"]?["dropped"]?.intValue == 0 && status["attempts"]?["failed"]?.intValue == 0)
            await cluster.stop()
        }
    }
}
