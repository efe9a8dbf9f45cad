import Glibc
import LocalServices
import Postgres
import TestSupport
import Testing

extension EndToEnd {
    /// In the middle of a job; afterwards nothing is lost or doubled, and the bytes are those of a calm run.
    @Suite(.serialized) struct KillTests {
        /// What one worker may have called and not yet acknowledged: its two routes' prefetch (design of the limits:
        /// share 32 of 64 each, and what is answered and not yet confirmed).
        static let oneWorkersCalls = 2 * 64 + 200
        /// What an owner may have been publishing.
        static let publishWindow = 500

        @Test func `a worker is killed`() async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator()
            try await cluster.startCoordinator()
            let victim = try await cluster.startWorker()
            try await cluster.startWorker()
            let job = try await cluster.submit(records: records)
            try await cluster.waitForRecords(300)
            victim.signal(SIGKILL)
            let bytes = try await EndToEnd.finish(job, on: cluster, repeatsAllowed: Self.oneWorkersCalls)
            await cluster.stop()
            #expect(try await bytes == EndToEnd.calm.value)
        }

        @Test func `the owning coordinator is killed and another takes over`() async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator()
            let owner = try await cluster.startCoordinator()
            try await eventually("the first coordinator owns the partition") { owner.log.contains("started") }
            try await cluster.startWorker()
            try await cluster.startWorker()
            let job = try await cluster.submit(records: records)
            try await cluster.waitForRecords(300)
            try await cluster.startCoordinator()
            owner.signal(SIGKILL)
            let bytes = try await EndToEnd.finish(job, on: cluster, repeatsAllowed: Self.publishWindow)
            await cluster.stop()
            #expect(try await bytes == EndToEnd.calm.value)
        }

        @Test(arguments: [LocalService.broker, .database])
        func `a service is killed and comes back`(service: LocalService) async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator()
            try await cluster.startCoordinator()
            try await cluster.startWorker()
            try await cluster.startWorker()
            let job = try await cluster.submit(records: records)
            // What all tests before wrote must not be recovered here.
            try await cluster.pool.run(.init("checkpoint"))
            try await cluster.waitForRecords(300)
            await cluster.services.kill(service, SIGKILL)
            try await cluster.services.restart(service)
            // Without the database an owner's lease may run out: then it takes over as a stranger would.
            let allowed = Self.publishWindow + (service == .broker ? 2 * Self.oneWorkersCalls : 0)
            let bytes = try await EndToEnd.finish(job, on: cluster, repeatsAllowed: allowed)
            await cluster.stop()
            #expect(try await bytes == EndToEnd.calm.value)
        }
    }
}
