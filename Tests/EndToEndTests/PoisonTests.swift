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
    }
}
