import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// Each named place between two durable steps, where a process is killed once.
    @Suite(.serialized) struct CrashPointTests {
        @Test(arguments: [
            "coordinator-after-plan-commit:2", "coordinator-after-publish-before-confirm:5",
            "coordinator-after-delivery-before-commit:20", "coordinator-after-commit-before-ack:20",
            "coordinator-after-ack-before-publish:10", "coordinator-after-confirm-before-recorded:10",
            "coordinator-finishing-group",
        ])
        func `a coordinator dies there and another goes on`(point: String) async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "5"])
            let victim = try await cluster.startCoordinator(["TESSERA_CRASH_AT": point])
            try await cluster.startWorker()
            try await cluster.startWorker()
            let job = try await cluster.submit(records: records)
            #expect(await victim.exit() == -SIGKILL, "the point \(point) was not passed")
            try await cluster.startCoordinator()
            let bytes = try await EndToEnd.finish(job, on: cluster, repeatsAllowed: KillTests.publishWindow)
            await cluster.stop()
            #expect(try await bytes == EndToEnd.calm.value)
        }

        @Test(arguments: [
            "worker-after-reply-before-publish:100", "worker-after-publish-before-confirm:20",
            "worker-after-confirm-before-ack:20",
        ])
        func `a worker dies there and another goes on`(point: String) async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "5"])
            try await cluster.startCoordinator()
            let victim = try await cluster.startWorker(["TESSERA_CRASH_AT": point])
            try await cluster.startWorker()
            let job = try await cluster.submit(records: records)
            #expect(await victim.exit() == -SIGKILL, "the point \(point) was not passed")
            let bytes = try await EndToEnd.finish(job, on: cluster, repeatsAllowed: KillTests.oneWorkersCalls)
            await cluster.stop()
            #expect(try await bytes == EndToEnd.calm.value)
        }
    }
}
