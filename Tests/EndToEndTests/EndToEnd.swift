import Foundation
import JSON
import TestSupport
import Testing

/// Real processes on real services: one test at a time, since they share two cores and the broker.
@Suite(.serialized)
enum EndToEnd {
    static let records = 2000

    /// The bytes of a calm run of `records` records with seed 42: what every other run must export. Asked for only when
    /// no other cluster is up: they share the broker.
    static let calm = Task { () async throws -> Data in
        let cluster = try await TestCluster.make()
        let bytes = try await run(on: cluster, workers: 2, coordinators: 1)
        await cluster.stop()
        return bytes
    }

    /// Runs the whole job and checks what must always hold.
    static func run(on cluster: TestCluster, workers: Int, coordinators: Int) async throws -> Data {
        try await cluster.startSimulator()
        for _ in 0..<coordinators { try await cluster.startCoordinator() }
        for _ in 0..<workers { try await cluster.startWorker() }
        let job = try await cluster.submit(records: records)
        return try await finish(job, on: cluster, repeatsAllowed: 0)
    }

    /// Waits for the end, and checks: every record once, every value at its own prompt, no more repeats than allowed.
    static func finish(_ job: String, on cluster: TestCluster, repeatsAllowed: Int) async throws -> Data {
        let exit = try await cluster.wait(job)
        #expect(exit == 0, "wait ended with \(exit)")
        let status = try await cluster.status(job)
        let counts = status["records"]
        #expect(counts?["completed"]?.intValue == records)
        #expect(counts?["dropped"]?.intValue == 0 && counts?["pending"]?.intValue == 0)
        let bytes = try await cluster.export(job)
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        #expect(lines.count == records)
        var ids: Set<String> = []
        for line in lines {
            let record = try JSONValue(parsing: Array(line))
            if let fault = TestWorkflow.fault(in: record) {
                Issue.record("\(fault)")
                break
            }
            ids.insert(record["id"]?.stringValue ?? "")
        }
        #expect(ids.count == records, "a record is there twice")
        let repeats = try await cluster.simulatorTotal("repeated_prompts")
        #expect(repeats <= repeatsAllowed, "\(repeats) calls were repeated, at most \(repeatsAllowed) may be")
        return bytes
    }
}
