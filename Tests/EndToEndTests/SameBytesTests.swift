import TestSupport
import Testing

extension EndToEnd {
    @Suite(.serialized) struct SameBytesTests {
        @Test(arguments: [(1, 1), (2, 2), (8, 1)])
        func `any number of workers and coordinators exports the same bytes`(workers: Int, coordinators: Int)
            async throws
        {
            let cluster = try await TestCluster.make(partitions: coordinators == 1 ? 1 : 4)
            let bytes = try await EndToEnd.run(on: cluster, workers: workers, coordinators: coordinators)
            await cluster.stop()
            #expect(try await bytes == EndToEnd.calm.value)
        }

        @Test func `another seed exports other bytes`() async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "1"])
            try await cluster.startCoordinator()
            try await cluster.startWorker()
            let job = try await cluster.submit(records: 50, seed: 43)
            #expect(try await cluster.wait(job) == 0)
            let bytes = try await cluster.export(job)
            await cluster.stop()
            let calm = try await EndToEnd.calm.value
            #expect(!calm.starts(with: bytes))
        }
    }
}
