import Foundation
import JSON
import Postgres
import TestSupport
import Testing

extension EndToEnd {
    /// What clients wish of jobs: the partition's owner carries it out.
    @Suite(.serialized) struct WishTests {
        private func started(
            _ simulator: [String] = ["--latency-ms", "20"], workers: Int = 1
        ) async throws -> TestCluster {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(simulator)
            try await cluster.startCoordinator()
            for _ in 0..<workers { try await cluster.startWorker() }
            return cluster
        }

        private func state(_ job: String, _ cluster: TestCluster) async throws -> (state: String, reason: String) {
            let status = try await cluster.status(job)
            return (status["state"]?.stringValue ?? "", status["reason"]?.stringValue ?? "")
        }

        @Test func `a paused job sends nothing, and goes on where it stood`() async throws {
            let cluster = try await started(workers: 2)
            let job = try await cluster.submit(records: records)
            try await cluster.waitForRecords(300)
            #expect(try await cluster.coordinator(["pause", job]).exit == 0)
            #expect(try await cluster.wait(job) == 75)
            #expect(try await state(job, cluster).state == "paused")
            // What ran has ended, what waited is handed back.
            try await eventually("nothing is called any more") {
                try await cluster.simulatorTotal("in_flight") == 0
            }
            let refused = try await cluster.coordinator(["set", job, "--priority", "9"])
            #expect(refused.exit == 0)
            #expect(try await cluster.coordinator(["resume", job]).exit == 0)
            let again = try await cluster.coordinator(["resume", job])
            #expect(again.exit == 5 && again.errors.contains("not paused"))
            let bytes = try await EndToEnd.finish(job, on: cluster, repeatsAllowed: 0)
            #expect(try await cluster.status(job)["attempts"]?["failed"]?.intValue == 0)
            await cluster.stop()
            #expect(try await bytes == EndToEnd.calm.value)
        }

        @Test func `a job that used up its budget, or its time, is paused until that is raised`() async throws {
            let cluster = try await started()
            let job = try await cluster.submit(
                records: 400, arguments: ["--max-tokens-total", "2000", "--deadline", "2h"])
            #expect(try await cluster.wait(job) == 75)
            #expect(try await state(job, cluster).reason.hasPrefix("budget"))
            #expect(try await cluster.coordinator(["resume", job]).exit == 5)
            #expect(try await cluster.coordinator(["resume", job, "--max-tokens-total", "10000000"]).exit == 0)
            #expect(try await cluster.coordinator(["set", job, "--deadline", "0.001s"]).exit == 0)
            #expect(try await cluster.wait(job) == 75)
            #expect(try await state(job, cluster).reason.hasPrefix("deadline"))
            #expect(try await cluster.coordinator(["resume", job]).exit == 5)
            #expect(try await cluster.coordinator(["resume", job, "--deadline", "1h"]).exit == 0)
            #expect(try await cluster.wait(job) == 0)
            await cluster.stop()
        }

        @Test func `an extended job equals a fresh one, record by record`() async throws {
            let cluster = try await started(workers: 2)
            let short = try await cluster.submit(records: 1300, arguments: ["--name", "growing"])
            #expect(try await cluster.wait(short) == 0)
            let same = try await cluster.submit(
                records: 1300, arguments: ["--name", "growing", "--resume", "always"])
            #expect(same == short)
            let long = try await cluster.submit(
                records: records, arguments: ["--name", "growing", "--resume", "always"])
            #expect(long == short)
            let bytes = try await EndToEnd.finish(long, on: cluster, repeatsAllowed: 0)
            let other = try await cluster.coordinator([
                "submit", "\(cluster.folder)/workflow.yaml", "-n", "3000", "--seed", "43", "--name", "growing",
                "--resume", "always",
            ])
            #expect(other.exit == 5 && other.errors.contains("--seed"))
            await cluster.stop()
            #expect(try await bytes == EndToEnd.calm.value)
        }

        @Test func `dropped records can be tried again, also when the job has ended`() async throws {
            let cluster = try await started([
                "--latency-ms", "5", "--error-rate", "0.05", "--error-key", "prompt", "--error-status", "400",
            ])
            let job = try await cluster.submit(records: 1200)
            #expect(try await cluster.wait(job) == 2)
            let dropped = try await cluster.status(job)["records"]?["dropped"]?.intValue ?? 0
            #expect(dropped > 50)
            try await cluster.configureSimulator("error-rate=0")
            let none = try await cluster.coordinator(["retry", job, "--reason", "timeout"])
            #expect(none.exit == 5)
            #expect(try await cluster.wait(job) == 2)
            #expect(try await cluster.coordinator(["retry", job]).exit == 0)
            #expect(try await cluster.wait(job) == 0)
            let counts = try await cluster.status(job)["records"]
            #expect(counts?["completed"]?.intValue == 1200 && counts?["dropped"]?.intValue == 0)
            let lines = try await cluster.export(job).split(separator: UInt8(ascii: "\n"))
            #expect(lines.count == 1200)
            for line in lines {
                let fault = TestWorkflow.fault(in: try JSONValue(parsing: Array(line)))
                #expect(fault == nil)
            }
            await cluster.stop()
        }

        @Test func `records whose cells fail are kept with nulls where the user asks for it`() async throws {
            let cluster = try await started([
                "--latency-ms", "5", "--error-rate", "0.05", "--error-key", "prompt", "--error-status", "400",
            ])
            let job = try await cluster.submit(records: 300, arguments: ["--keep-failed"])
            #expect(try await cluster.wait(job) == 0)
            let counts = try await cluster.status(job)["records"]
            let nulls = counts?["completed_with_nulls"]?.intValue ?? 0
            #expect(counts?["completed"]?.intValue == 300 && nulls > 10)
            let lines = try await cluster.export(job).split(separator: UInt8(ascii: "\n"))
            let records = try lines.map { try JSONValue(parsing: Array($0)) }
            let holed = records.count { record in
                ["title", "body", "review"].contains { record[$0] == JSONValue.null }
            }
            #expect(records.count == 300 && holed == nulls)
            await cluster.stop()
        }

        @Test func `a job that fails too often is paused with the arithmetic, and keeps what it has`() async throws {
            let cluster = try await started([
                "--latency-ms", "5", "--error-rate", "0.8", "--error-key", "prompt", "--error-status", "400",
            ])
            let job = try await cluster.submit(records: 1000, arguments: ["--name", "ill"])
            #expect(try await cluster.wait(job) == 75)
            let reason = try await state(job, cluster).reason
            #expect(reason.hasPrefix("early_shutdown: ") && reason.contains("of the last 200 cells of"))
            let pending = try await cluster.status(job)["records"]?["pending"]?.intValue ?? 0
            #expect(pending > 0)
            try await cluster.configureSimulator("error-rate=0")
            let retry = try await cluster.coordinator(["retry", job])
            #expect(retry.errors.contains("it is paused: coordinator resume"))
            #expect(try await cluster.wait(job) == 75)
            let more = try await cluster.submit(records: 1100, arguments: ["--name", "ill", "--resume", "always"])
            #expect(more == job)
            #expect(try await cluster.wait(job) == 0)
            #expect(try await cluster.status(job)["records"]?["completed"]?.intValue == 1100)
            await cluster.stop()
        }

        @Test func `cancel --now gives up the calls under way`() async throws {
            let cluster = try await started(["--latency-ms", "60000"])
            let job = try await cluster.submit(records: 100)
            try await eventually("calls are under way") { try await cluster.simulatorTotal("in_flight") > 0 }
            #expect(try await cluster.coordinator(["cancel", job, "--now"]).exit == 0)
            #expect(try await cluster.wait(job, timeout: "30s") == 3)
            #expect(try await cluster.status(job)["attempts"]?["failed"]?.intValue == 0)
            await cluster.stop()
        }

        @Test func `a cancelled job ends what is under way, and calls for nothing more`() async throws {
            let cluster = try await started(["--latency-ms", "3000"], workers: 2)
            let narrow = TestWorkflow.yaml.replacingOccurrences(
                of: "max_parallel_requests: 64", with: "max_parallel_requests: 8")
            let job = try await cluster.submit(records: 200, workflow: narrow)
            try await eventually("it is in its middle") { try await cluster.simulatorTotal("ok") >= 12 }
            #expect(try await cluster.coordinator(["cancel", job]).exit == 0)
            let calls = try await cluster.simulatorTotal("requests")
            #expect(try await cluster.wait(job, timeout: "60s") == 3)
            // What was on its way to start when it was told.
            #expect(try await cluster.simulatorTotal("requests") <= calls + 8)
            await cluster.stop()
        }

        @Test func `a deleted job leaves nothing`() async throws {
            let cluster = try await started()
            let job = try await cluster.submit(records: records)
            try await cluster.waitForRecords(100)
            #expect(try await cluster.coordinator(["delete", job]).exit == 64, "it asks first")
            #expect(try await cluster.coordinator(["delete", job, "--yes"]).exit == 0)
            #expect(try await cluster.coordinator(["status", job]).exit == 4)
            for table in ["cells", "records", "dispatches", "row_groups", "failures", "commands"] {
                let rows = try await cluster.pool.run(.init("select count(*) from \(table)"))
                #expect(try rows[0].int64(0) == 0, "\(table) has rows")
            }
            // The next one is not disturbed by what comes back late.
            let next = try await cluster.submit(records: 50)
            #expect(try await cluster.wait(next) == 0)
            await cluster.stop()
        }

        @Test func `an idempotency key gives the same job, and refuses another`() async throws {
            let cluster = try await started()
            let first = try await cluster.submit(records: 10, arguments: ["--idempotency-key", "k"])
            #expect(try await cluster.submit(records: 10, arguments: ["--idempotency-key", "k"]) == first)
            let other = try await cluster.coordinator([
                "submit", "\(cluster.folder)/workflow.yaml", "-n", "11", "--idempotency-key", "k",
            ])
            #expect(other.exit == 5)
            #expect(try await cluster.wait(first) == 0)
            await cluster.stop()
        }

        @Test func `an endpoint that refuses everybody's key pauses the job, and nothing is dropped`() async throws {
            let cluster = try await started(["--latency-ms", "5", "--fail-status", "401"])
            let job = try await cluster.submit(records: 200)
            #expect(try await cluster.wait(job) == 75)
            #expect(try await state(job, cluster).reason.hasPrefix("endpoint (authentication): "))
            #expect(try await cluster.status(job)["records"]?["dropped"]?.intValue == 0)
            // What was under way when it began, then a few probes of each route.
            #expect(try await cluster.simulatorTotal("errors") <= 64 * 2 + 20)
            try await cluster.configureSimulator("fail-status=0")
            #expect(try await cluster.coordinator(["resume", job]).exit == 0)
            #expect(try await cluster.wait(job) == 0)
            await cluster.stop()
        }

        @Test func `a wish without an answer in time says whether a coordinator is there to carry it out`() async throws
        {
            let cluster = try await TestCluster.make()
            let job = try await cluster.submit(records: 10)
            let alone = try await cluster.coordinator(["pause", job, "--timeout", "1ms"])
            #expect(alone.exit == 124 && alone.errors.contains("Is one running? coordinator serve"))
            // As one that is busy with the wish.
            _ = try await cluster.pool.run(
                Statement("insert into coordinators (id, expires_at) values ('busy', now() + interval '1 hour')"))
            let late = try await cluster.coordinator(["pause", job, "--timeout", "1ms"])
            #expect(late.exit == 124 && late.errors.contains("coordinator events \(job.prefix(10))"), "\(late.errors)")
            #expect(!late.errors.contains("Is one running?"))
            await cluster.stop()
        }

        @Test func `a job waits for an endpoint that refuses as long as its run settings say`() async throws {
            let cluster = try await started(["--latency-ms", "5", "--fail-status", "503"])
            let settings = "\(cluster.folder)/run.yaml"
            try Data("max_throttled_seconds: 5".utf8).write(to: URL(fileURLWithPath: settings))
            let job = try await cluster.submit(records: 50, arguments: ["--run-config", settings])
            #expect(try await cluster.wait(job) == 75)
            #expect(try await state(job, cluster).reason.contains("nim-a/sim/writer took no calls for "))
            try await cluster.configureSimulator("fail-status=0")
            #expect(try await cluster.coordinator(["resume", job]).exit == 0)
            #expect(try await cluster.wait(job) == 0)
            await cluster.stop()
        }
    }
}
