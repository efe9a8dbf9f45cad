import Foundation
import Glibc
import JSON
import Postgres
import TestSupport
import Testing

extension EndToEnd {
    /// What is the endpoint's fault, or one worker's, costs no record, and few calls.
    @Suite(.serialized) struct EndpointFaultTests {
        /// Calls a worker may make in vain beyond those in flight when it began.
        private static let callsInVain = 20

        /// Calls that brought no value.
        private func wastedCalls(_ cluster: TestCluster) async throws -> Int {
            let sum = Statement("select (sum(calls) - sum(stored))::bigint from usage")
            return Int(try await cluster.pool.run(sum)[0].int64(0))
        }

        @Test
        func `an endpoint that is away in the middle of a job is named, and costs nothing but the calls under way`()
            async throws
        {
            let cluster = try await TestCluster.make()
            let endpoint = try await cluster.startSimulator(["--latency-ms", "50"])
            try await cluster.startCoordinator()
            try await cluster.startWorker()
            try await cluster.startWorker()
            let job = try await cluster.submit(records: 1000)
            try await cluster.waitForRecords(200)
            endpoint.signal(SIGKILL)
            _ = await endpoint.exit()
            // Through several probes: DeliveringTests/Machine/EndpointTests goes through five minutes of them.
            try await eventually("the job says what it waits for", within: .seconds(40)) {
                let status = try await cluster.status(job)
                return status["state"]?.stringValue == "waiting"
                    && status["reason"]?.stringValue?.contains("connection") == true
            }
            let workers = try await cluster.coordinator(["workers", "list"])
            #expect(workers.output.contains("w1") && workers.output.contains("connection"), "\(workers.output)")
            try await eventually("both probed three times", within: .seconds(60)) {
                try await wastedCalls(cluster) >= 6
            }
            try await cluster.startSimulator(["--latency-ms", "50"])
            #expect(try await cluster.wait(job) == 0)
            let status = try await cluster.status(job)
            #expect(status["records"]?["completed"]?.intValue == 1000)
            // Two routes of 64 calls in flight at most.
            let wasted = try await wastedCalls(cluster)
            #expect(wasted <= 128 + 2 * Self.callsInVain, "\(wasted) calls were made in vain")
            await cluster.stop()
        }

        @Test func `an endpoint that takes calls and answers nothing is nobody's fault but its own`() async throws {
            let cluster = try await TestCluster.make()
            let endpoint = try await cluster.startSimulator(["--latency-ms", "50"])
            try await cluster.startCoordinator()
            try await cluster.startWorker()
            let impatient = TestWorkflow.yaml.replacingOccurrences(
                of: "{max_parallel_requests: 64}", with: "{max_parallel_requests: 64, timeout: 2}")
            let job = try await cluster.submit(records: 600, workflow: impatient)
            try await cluster.waitForRecords(100)
            endpoint.signal(SIGSTOP)
            try await eventually("the job says what it waits for", within: .seconds(60)) {
                let status = try await cluster.status(job)
                return status["state"]?.stringValue == "waiting"
                    && status["reason"]?.stringValue?.contains("unresponsive") == true
            }
            endpoint.signal(SIGCONT)
            #expect(try await cluster.wait(job) == 0)
            let status = try await cluster.status(job)
            #expect(status["records"]?["completed"]?.intValue == 600)
            // The probe of a route may end just when the endpoint comes back: that one is charged, and tried again.
            #expect(status["attempts"]?["failed"]?.intValue ?? 99 <= 2, "cells were charged for it")
            let wasted = try await wastedCalls(cluster)
            #expect(wasted <= 128 + Self.callsInVain, "\(wasted) calls were made in vain")
            await cluster.stop()
        }

        @Test func `an endpoint of rows that falls silent is nobody's fault but its own, too`() async throws {
            let cluster = try await TestCluster.make()
            let endpoint = try await cluster.startSimulator(["--latency-ms", "30"])
            try await cluster.startCoordinator()
            let url = await cluster.rowsEndpoint
            let providers = "\(cluster.folder)/rows.yaml"
            let text = """
                providers:
                  - {name: places, endpoint: "\(url)", provider_type: http, max_parallel_requests: 4}
                  - {name: checks, endpoint: "\(url)", provider_type: http, remote_urls: ["http://checks.example/v"]}
                """
            try Data(text.utf8).write(to: URL(fileURLWithPath: providers))
            try await cluster.startWorker(providers: providers)
            // A validator that fails for good would write null, and a column lose its record.
            let workflow = """
                columns:
                  - {name: id, column_type: sampler, sampler_type: uuid, params: {}}
                  - {name: place, column_type: http, provider: places, required_columns: [id], batch_size: 2, timeout: 2}
                  - name: ok
                    column_type: validation
                    target_columns: [id]
                    batch_size: 2
                    validator_type: remote
                    validator_params: {endpoint_url: "http://checks.example/v", timeout: 2, max_retries: 0}
                """
            let job = try await cluster.submit(records: 600, workflow: workflow)
            try await cluster.waitForRecords(50)
            endpoint.signal(SIGSTOP)
            try await eventually("the job says what it waits for", within: .seconds(60)) {
                try await cluster.status(job)["reason"]?.stringValue?.contains("unresponsive") == true
            }
            endpoint.signal(SIGCONT)
            #expect(try await cluster.wait(job) == 0)
            let status = try await cluster.status(job)
            #expect(status["records"]?["completed"]?.intValue == 600)
            let bytes = try await cluster.export(job)
            await cluster.stop()
            let verdicts = try bytes.split(separator: UInt8(ascii: "\n")).map {
                try JSONValue(parsing: Array($0))["ok"]?["is_valid"]
            }
            // As above: a probe that ends just when the endpoint comes back.
            #expect(verdicts.count { $0?.isNull != false } <= 2, "rows have no verdict for it")
        }

        @Test func `one worker of four with a wrong key is named, and costs nothing but its own calls`() async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "50"])
            let refusing = try await cluster.startOtherSimulator(["--fail-status", "401"])
            try await cluster.startCoordinator()
            for _ in 0..<3 { try await cluster.startWorker() }
            let wrong = "\(cluster.folder)/wrong.yaml"
            try cluster.writeProviders(endpoint: refusing, to: wrong)
            try await cluster.startWorker(providers: wrong)
            let job = try await cluster.submit(records: 1500)
            try await eventually("the worker is named") {
                let workers = try await cluster.coordinator(["workers", "show", "w4"])
                return workers.output.contains("authentication")
            }
            let running = try await cluster.status(job)
            #expect(running["state"]?.stringValue == "running", "the others go on")
            let said = running["held_back"]?.arrayValue?.compactMap(\.stringValue).joined(separator: "\n") ?? ""
            #expect(said.contains("worker w4 cannot use nim-") && said.contains("authentication"), "\(said)")
            #expect(try await cluster.wait(job) == 0)
            let status = try await cluster.status(job)
            #expect(status["records"]?["completed"]?.intValue == 1500)
            #expect(status["attempts"]?["failed"]?.intValue == 0)
            let inVain = try await cluster.simulatorTotal("errors", of: refusing)
            // In flight when it began: nothing before its first calls, which are all of its shares'.
            #expect(inVain <= 128 + Self.callsInVain, "\(inVain) calls were made in vain")
            await cluster.stop()
        }
    }
}
