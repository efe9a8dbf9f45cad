import Glibc
import JSON
import TestSupport
import Testing

extension EndToEnd {
    @Suite(.serialized) struct DrainTests {
        @Test func `SIGTERM of a worker drains it: nothing repeated, no attempt charged`() async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator()
            try await cluster.startCoordinator()
            let leaving = try await cluster.startWorker()
            try await cluster.startWorker()
            let job = try await cluster.submit(records: records)
            try await cluster.waitForRecords(300)
            leaving.signal(SIGTERM)
            #expect(await leaving.exit() == 0)
            let bytes = try await EndToEnd.finish(job, on: cluster, repeatsAllowed: 0)
            #expect(try await cluster.status(job)["attempts"]?["failed"]?.intValue == 0)
            await cluster.stop()
            #expect(try await bytes == EndToEnd.calm.value)
        }

        @Test func `SIGTERM of a coordinator gives its partition up: nothing repeated, no attempt charged`()
            async throws
        {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator()
            let leaving = try await cluster.startCoordinator()
            try await cluster.startWorker()
            try await cluster.startWorker()
            let job = try await cluster.submit(records: records)
            try await cluster.waitForRecords(300)
            try await cluster.startCoordinator()
            leaving.signal(SIGTERM)
            #expect(await leaving.exit() == 0)
            let bytes = try await EndToEnd.finish(job, on: cluster, repeatsAllowed: 0)
            #expect(try await cluster.status(job)["attempts"]?["failed"]?.intValue == 0)
            await cluster.stop()
            #expect(try await bytes == EndToEnd.calm.value)
        }

        @Test func `a cancelled job keeps what is complete and counts the rest as cancelled`() async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator()
            try await cluster.startCoordinator()
            try await cluster.startWorker()
            let job = try await cluster.submit(records: records)
            try await cluster.waitForRecords(100)
            #expect(try await cluster.coordinator(["cancel", job]).exit == 0)
            let exit = try await cluster.wait(job)
            #expect(exit == 3)
            let counts = try await cluster.status(job)["records"]
            let completed = counts?["completed"]?.intValue ?? 0
            #expect(completed >= 100 && completed < records)
            #expect(completed + (counts?["cancelled"]?.intValue ?? 0) == records)
            let lines = try await cluster.export(job).split(separator: UInt8(ascii: "\n"))
            #expect(lines.count == completed)
            await cluster.stop()
        }
    }
}
