import AMQP
import JSON
import Messages
import TestSupport
import Testing

extension EndToEnd {
    /// What the broker loses.
    @Suite(.serialized) struct LostTaskTests {
        @Test func `a route's queue that is deleted is made again, and its cells are sent again`() async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "20"])
            // Far from what is overdue by itself: the coordinator hears of the loss from a returned publish, or from the
            // worker, whose consumer the broker ended.
            try await cluster.startCoordinator()
            try await cluster.startWorker()
            let job = try await cluster.submit(records: records)
            try await cluster.waitForRecords(100)
            let broker = try await cluster.brokerConnection()
            try await broker.deleteQueue(TestCluster.routes[0].queue)
            await broker.close()
            // What the worker held is called once more where the broker had forgotten the delivery.
            let bytes = try await EndToEnd.finish(job, on: cluster, repeatsAllowed: 600)
            await cluster.stop()
            #expect(try await bytes == EndToEnd.calm.value)
        }

        @Test func `tasks that vanish from their queue are sent again`() async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "5"])
            try await cluster.startCoordinator(["TESSERA_HOLD_SECONDS": "2"])
            // No worker yet: the tasks wait in their queues, and are lost there.
            let job = try await cluster.submit(records: 40)
            let broker = try await cluster.brokerConnection()
            try await eventually("tasks wait") {
                (try await broker.inspect(queue: TestCluster.routes[0].queue)?.readyMessages ?? 0) > 30
            }
            let thief = try await broker.consume(
                ConsumerConfiguration(queue: TestCluster.routes[0].queue, prefetch: 1000, noAck: true)
            ) { _ in }
            try await eventually("the tasks are gone") {
                try await broker.inspect(queue: TestCluster.routes[0].queue)?.readyMessages == 0
            }
            await thief.closeChannel()
            await broker.close()
            try await cluster.startWorker(["TESSERA_HOLD_SECONDS": "2"])
            #expect(try await cluster.wait(job) == 0)
            #expect(try await cluster.status(job)["records"]?["completed"]?.intValue == 40)
            await cluster.stop()
        }
    }
}
