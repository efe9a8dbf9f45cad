import Foundation
import JSON
import LocalServices
import TestSupport
import Testing

extension EndToEnd {
    /// A cell that ends every process that calls for it costs its own record, and nothing else.
    @Suite(.serialized) struct PoisonTests {
        /// The prompt of one record's title, from what a calm run made of it.
        private func title(of record: Int) async throws -> String {
            let lines = try await EndToEnd.calm.value.split(separator: UInt8(ascii: "\n"))
            let made = try JSONValue(parsing: Array(lines[record]))
            return "Title \(made["id"]?.stringValue ?? "?") about"
        }

        @Test func `one cell of 2,000 records kills whatever runs it, beside 20 kills and 3 broker restarts`()
            async throws
        {
            let poisoned = 700
            let marker = try await title(of: poisoned)
            let cluster = try await TestCluster.make()
            // So that a worker holds about 256 deliveries of a route, and the kills strike in the middle.
            try await cluster.startSimulator(["--latency-ms", "800", "--latency-jitter", "0.5"])
            try await cluster.startCoordinator()
            let crew = try await ProcessCrew(2) {
                try await cluster.startWorker(["TESSERA_CRASH_ON": "kill:\(marker)"])
            }
            let wide = TestWorkflow.yaml.replacingOccurrences(
                of: "max_parallel_requests: 64", with: "max_parallel_requests: 400")
            let job = try await cluster.submit(records: records, workflow: wide)
            for kill in 1...20 {
                try await cluster.waitForRecords(Int64(kill) * 90)
                await crew.end(crew.member())
                if kill % 6 == 0 {
                    await cluster.services.kill(.broker, SIGKILL)
                    try await cluster.services.restart(.broker)
                }
            }
            #expect(try await cluster.wait(job, timeout: "300s") == 2)
            let status = try await cluster.status(job)
            #expect(status["records"]?["completed"]?.intValue == records - 1)
            #expect(status["records"]?["dropped"]?.intValue == 1)
            #expect(status["drop_reasons"]?.arrayValue?.map { $0["kind"]?.stringValue } == ["poison"])
            #expect(status["attempts"]?["child_deaths"]?.intValue ?? 0 >= 3)
            // Two before it is suspected, and with each restart of the broker the owner may forget that it was.
            #expect(await crew.ends <= 2 * 4, "it went on ending workers")
            var expected = try await EndToEnd.calm.value.split(separator: UInt8(ascii: "\n"))
            expected.remove(at: poisoned)
            let made = try await cluster.export(job).split(separator: UInt8(ascii: "\n"))
            #expect(made == expected, "another record changed")
            await crew.dismiss()
            await cluster.stop()
        }

        @Test func `a cell that takes all memory is parked, one whose answer has no end fails as a call`() async throws
        {
            let greedy = try await title(of: 20)
            let endless = try await title(of: 40)
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "20", "--error-on", "endless:\(endless)"])
            try await cluster.startCoordinator()
            let crew = try await ProcessCrew(2) {
                try await cluster.startWorker(["TESSERA_CRASH_ON": "memory:\(greedy)"])
            }
            let job = try await cluster.submit(records: 100)
            #expect(try await cluster.wait(job) == 2)
            let status = try await cluster.status(job)
            #expect(status["records"]?["completed"]?.intValue == 98)
            let reasons = status["drop_reasons"]?.arrayValue?.compactMap { $0["kind"]?.stringValue } ?? []
            #expect(Set(reasons) == ["poison", "reply_too_large"])
            _ = try await cluster.export(job)
            let failures = try String(contentsOfFile: "\(cluster.folder)/out/failures.jsonl", encoding: .utf8)
            let lines = try failures.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
            #expect(lines.count == 2)
            await crew.dismiss()
            await cluster.stop()
        }

        /// What a record has in a column in a calm run with the same seed, whatever else is in the workflow.
        private func id(of record: Int) async throws -> String {
            let lines = try await EndToEnd.calm.value.split(separator: UInt8(ascii: "\n"))
            return try #require(try JSONValue(parsing: Array(lines[record]))["id"]?.stringValue)
        }

        /// Of 200 records one kills whatever makes it: exactly that one is dropped, and the batches that it was in are
        /// made.
        private func expectOneDropped(
            _ marker: String, _ cluster: TestCluster, _ workflow: String, environment: [String: String] = [:],
            providers: String? = nil
        ) async throws {
            let variables = environment.merging(["TESSERA_CRASH_ON": "kill:\(marker)"]) { own, _ in own }
            let crew = try await ProcessCrew(2) { try await cluster.startWorker(variables, providers: providers) }
            let job = try await cluster.submit(records: 200, workflow: workflow)
            #expect(try await cluster.wait(job) == 2)
            let status = try await cluster.status(job)
            #expect(status["records"]?["completed"]?.intValue == 199)
            #expect(status["drop_reasons"]?.arrayValue?.map { $0["kind"]?.stringValue } == ["poison"])
            #expect(status["attempts"]?["child_deaths"]?.intValue ?? 0 >= 3)
            #expect(try await cluster.coordinator(["status", job]).output.contains(" child deaths"))
            #expect(await crew.ends == 2, "two before it is suspected")
            let made = try await cluster.export(job).split(separator: UInt8(ascii: "\n"))
            #expect(made.count == 199)
            #expect(try made.allSatisfy { try JSONValue(parsing: Array($0))["id"]?.stringValue != marker })
            await crew.dismiss()
            await cluster.stop()
        }

        @Test func `a row that kills what reads the reply for it costs its own record, none of its batch`() async throws
        {
            let marker = try await id(of: 100)
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "20"])
            try await cluster.startCoordinator()
            let providers = "\(cluster.folder)/rows.yaml"
            let endpoint = await cluster.rowsEndpoint
            let text = "providers:\n  - {name: places, endpoint: \"\(endpoint)\", provider_type: http}\n"
            try Data(text.utf8).write(to: URL(fileURLWithPath: providers))
            let workflow = """
                columns:
                  - {name: id, column_type: sampler, sampler_type: uuid, params: {}}
                  - {name: place, column_type: http, provider: places, required_columns: [id], batch_size: 7}
                """
            try await expectOneDropped(marker, cluster, workflow, providers: providers)
        }

        @Test(.enabled(if: TestTools.areThere, "\(TestTools.howToInstall)"))
        func `code that kills what reads a tool's report on it costs its own record, none of its batch`() async throws {
            let marker = try await id(of: 100)
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "2"])
            try await cluster.startCoordinator()
            let workflow = """
                columns:
                  - {name: id, column_type: sampler, sampler_type: uuid, params: {}}
                  - {name: code, column_type: expression, expr: "value = '{{ id }}'"}
                  - name: lint
                    column_type: validation
                    target_columns: [code]
                    validator_type: code
                    validator_params: {code_lang: python}
                """
            try await expectOneDropped(marker, cluster, workflow, environment: ["PATH": TestTools.path])
        }
    }
}
