import Foundation
import JSON
import TestSupport
import Testing

extension EndToEnd {
    /// What the commands print against docs/json: every field is there, and no other.
    @Suite(.serialized) struct OutputSchemaTests {
        private func check(_ value: JSONValue, _ name: String, _ place: SourceLocation = #_sourceLocation) throws {
            let violation = try OutputSchema.violation(of: value, name)
            #expect(violation == nil, "\(name): \(violation ?? "")", sourceLocation: place)
        }

        private func answer(_ cluster: TestCluster, _ arguments: [String]) async throws -> JSONValue {
            let answer = try await cluster.coordinator(arguments)
            return try JSONValue(parsing: answer.output)
        }

        @Test func `each -o json is as its schema says, while a job runs and afterwards`() async throws {
            let cluster = try await TestCluster.make()
            // Some calls fail for good, so that there are failures and drops; some are refused.
            try await cluster.startSimulator([
                "--latency-ms", "40", "--error-rate", "0.03", "--error-status", "400", "--model-concurrency",
                "sim/writer=6",
            ])
            try await cluster.startCoordinator()
            try await cluster.startWorker()
            let settings = "\(cluster.folder)/run.yaml"
            try Data("{buffer_size: 50, disable_early_shutdown: true}\n".utf8).write(to: URL(fileURLWithPath: settings))
            let job = try await cluster.submit(records: 300, arguments: ["--run-config", settings])
            try await cluster.waitForRecords(60)
            for _ in 0..<2 {
                try check(try await answer(cluster, ["status", job, "-o", "json"]), "job.v1")
                try check(try await answer(cluster, ["list", "-o", "json"]), "job-summary.v1")
                try check(try await answer(cluster, ["workers", "list", "-o", "json"]), "workers.v1")
                try check(try await answer(cluster, ["routes", "-o", "json"]), "routes.v1")
                try check(try await answer(cluster, ["routes", "--history", "60", "-o", "json"]), "limit-history.v1")
                for by in ["reason", "column", "model"] {
                    try check(try await answer(cluster, ["failures", job, "--by", by, "-o", "json"]), "failures.v1")
                }
                try check(try await answer(cluster, ["report", job, "-o", "json"]), "report.v1")
                let events = try await cluster.coordinator(["events", job])
                for line in events.output.split(separator: "\n") {
                    try check(try JSONValue(parsing: String(line)), "event.v1")
                }
                _ = try await cluster.wait(job)
            }
            let report = try await answer(cluster, ["report", job, "-o", "json"])
            #expect(report["failures"]?.arrayValue?.isEmpty == false, "nothing failed: half of it is not checked")
            let shown = try await answer(cluster, ["workers", "show", "w1", "-o", "json"])
            try check(shown, "worker.v1")
            await cluster.stop()
        }
    }
}
