import Foundation
import JSON
import Postgres
import TestSupport
import Testing

extension EndToEnd {
    /// What stops a job of 20,000 records by itself, and what does not.
    @Suite(.serialized) struct EarlyShutdownTests {
        private static let records = 20_000
        /// A fifth of the records.
        private static let window = 4000
        private static let cap = 64

        /// What becomes of a row stands in its prompt.
        private enum Row: String {
            case fine = "row-fine"
            case refused = "row-refused"
            case failing = "row-failing"
        }

        private static let workflow = """
            seed_config: {source: {seed_type: local, path: rows.csv}}
            columns:
              - {name: id, column_type: sampler, sampler_type: uuid, params: {}}
              - {name: text, column_type: llm-text, model_alias: writer, prompt: "Write {{ id }} {{ row }}"}
            model_configs:
              - alias: writer
                model: sim/writer
                provider: nim-a
                inference_parameters: {max_parallel_requests: \(cap)}
            """

        private func submit(
            to cluster: TestCluster, settings: String = "throttle: {salvage_max_rounds: 1}", _ row: (Int) -> Row
        ) async throws -> String {
            let rows = "row\n" + (0..<Self.records).map { "\(row($0).rawValue)\n" }.joined()
            try Data(rows.utf8).write(to: URL(fileURLWithPath: "\(cluster.folder)/rows.csv"))
            let path = "\(cluster.folder)/run.yaml"
            try Data("\(settings)\n".utf8).write(to: URL(fileURLWithPath: path))
            return try await cluster.submit(
                records: Self.records, workflow: Self.workflow, arguments: ["--run-config", path])
        }

        /// Two workers, and an endpoint that answers at once; for good it refuses some rows, and fails with others.
        private func started() async throws -> TestCluster {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator([
                "--latency-ms", "0", "--words", "4", "--error-on", "400:\(Row.refused.rawValue)", "--error-on",
                "500:\(Row.failing.rawValue)",
            ])
            try await cluster.startCoordinator()
            for _ in 0..<2 { try await cluster.startWorker() }
            return cluster
        }

        private func counts(_ job: String, _ cluster: TestCluster) async throws -> [String: Int] {
            let records = try await cluster.status(job)["records"]
            let names = ["completed", "dropped", "pending"]
            return Dictionary(uniqueKeysWithValues: names.map { ($0, records?[$0]?.intValue ?? -1) })
        }

        @Test func `a twentieth of the rows, all at the front, fails for good and does not stop the job`() async throws
        {
            let cluster = try await started()
            let job = try await submit(to: cluster) { $0 >= 1000 ? .fine : $0 % 10 < 7 ? .refused : .failing }
            #expect(try await cluster.wait(job, timeout: "300s") == 2)
            #expect(try await counts(job, cluster) == ["completed": 19_000, "dropped": 1000, "pending": 0])
            let reasons = try await cluster.status(job)["drop_reasons"]?.arrayValue ?? []
            let kinds = reasons.map { ($0["kind"]?.stringValue ?? "", $0["records"]?.intValue ?? -1) }
            #expect(Dictionary(kinds) { $0 + $1 } == ["bad_request": 700, "server_error": 300])
            await cluster.stop()
        }

        @Test func `a job of which too much fails stops when the window is full, says why, and goes on when told`()
            async throws
        {
            let cluster = try await started()
            let job = try await submit(to: cluster) { $0 % 10 < 6 ? .refused : .fine }
            #expect(try await cluster.wait(job) == 75)
            let reason = try await cluster.status(job)["reason"]?.stringValue ?? ""
            let numbers = reason.split { !$0.isNumber }.compactMap { Int($0) }
            let failed = try #require(numbers.first)
            #expect(
                reason.hasPrefix(
                    "early_shutdown: \(failed) of the last \(Self.window) cells of \"text\" failed for good: "
                        + "\((failed + 20) / 40) %, more than 50 %; the last: "), "\(reason)")
            #expect((2300...2500).contains(failed), "six of ten")
            try await eventually("nothing is called any more") { try await cluster.simulatorTotal("in_flight") == 0 }
            // The window, and what was out when it was full: one batch being decided over, and the route's credit.
            let calls = try await cluster.simulatorTotal("ok") + cluster.simulatorTotal("errors")
            #expect((Self.window...Self.window + 500 + 2 * Self.cap + 64).contains(calls), "\(calls) calls")
            let before = try await counts(job, cluster)
            #expect(before["pending"] ?? 0 > 14_000 && before["completed"] ?? 0 > 1000, "it keeps what it has")

            try await cluster.configureSimulator("error-on=")
            #expect(try await cluster.coordinator(["resume", job]).exit == 0)
            try await eventually("it goes on") {
                try await counts(job, cluster)["completed"] ?? 0 > (before["completed"] ?? 0) + 1000
            }
            #expect(try await cluster.coordinator(["cancel", job, "--now"]).exit == 0)
            await cluster.stop()
        }

        @Test func `five failures among the first ten do not stop a large job; an endpoint that refuses its key does`()
            async throws
        {
            let cluster = try await started()
            // Ten seconds stand for the thirty that are the default.
            let job = try await submit(to: cluster, settings: "throttle: {breaker_seconds: 10}") {
                $0 < 10 && $0.isMultiple(of: 2) ? .refused : .fine
            }
            try await cluster.waitForRecords(1000)
            #expect(try await cluster.status(job)["state"]?.stringValue == "running")
            let refused = try await cluster.simulatorTotal("errors")
            #expect(refused == 5)

            try await cluster.configureSimulator("fail-status=401")
            #expect(try await cluster.wait(job) == 75)
            let status = try await cluster.status(job)
            #expect(status["reason"]?.stringValue?.hasPrefix("endpoint (authentication): ") == true)
            let inVain = try await cluster.simulatorTotal("errors") - refused
            #expect(inVain <= Self.cap + 2 * 20, "\(inVain) calls were made in vain")
            let before = try await counts(job, cluster)
            #expect(before["dropped"] == 5, "nothing but what was refused before")
            let charged = Statement("select count(*) from failures")
            #expect(try await cluster.pool.run(charged)[0].int64(0) == 5, "nothing was charged")

            try await cluster.configureSimulator("fail-status=0")
            #expect(try await cluster.coordinator(["resume", job]).exit == 0)
            try await eventually("it goes on") {
                try await counts(job, cluster)["completed"] ?? 0 > (before["completed"] ?? 0) + 1000
            }
            #expect(try await cluster.coordinator(["cancel", job, "--now"]).exit == 0)
            await cluster.stop()
        }
    }
}
