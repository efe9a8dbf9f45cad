import Testing

@testable import AMQP

extension BrokerTests {
    @Suite struct Consuming {
        static func text(_ delivery: Delivery) -> String { String(decoding: delivery.body, as: UTF8.self) }

        @Test func `another prefetch keeps unacknowledged deliveries valid`() async throws {
            let client = try await Client.connected("prefetch")
            try await client.connection.declare(Topology(queues: [.workQueue("prefetch")]))
            _ = await client.publish((0..<20).map(String.init), to: "prefetch")
            let consumer = try await client.consume("prefetch", prefetch: 3)
            try await consumer.deliveries.wait(forCount: 3)
            // Exactly the new prefetch on top of the three that are held.
            consumer.consumer.setPrefetch(5)
            try await consumer.deliveries.wait(forCount: 8)
            #expect(try await client.connection.inspect(queue: "prefetch")?.readyMessages == 12)
            consumer.consumer.setPrefetch(0)
            consumer.consumer.acknowledge(consumer.deliveries.all.map(\.tag))
            consumer.consumer.setPrefetch(4)
            let all = try await consumer.deliveries.wait(forCount: 12)
            #expect(all.map(Self.text) == (0..<12).map(String.init))
            #expect(Set(all.map(\.tag.session)).count == 1)
            consumer.consumer.acknowledge(all.map(\.tag))
            consumer.consumer.setPrefetch(100)
            let last = try await consumer.deliveries.wait(forCount: 20)
            consumer.consumer.acknowledge(last.map(\.tag))
            await consumer.consumer.closeChannel()
            #expect(consumer.events.all.isEmpty)
            try await client.waitForDepth(of: "prefetch", ready: 0)
            try await client.connection.deleteQueue("prefetch")
            await client.connection.close()
        }

        @Test func `with prefetch 0 nothing is consumed until it is raised`() async throws {
            let client = try await Client.connected("paused")
            try await client.connection.declare(Topology(queues: [.workQueue("paused")]))
            _ = await client.publish(["a"], to: "paused")
            let consumer = try await client.consume("paused", prefetch: 0)
            try await client.waitForDepth(of: "paused", ready: 1)
            consumer.consumer.setPrefetch(1)
            try await consumer.deliveries.wait(forCount: 1)
            consumer.consumer.setPrefetch(0)
            consumer.consumer.acknowledge(consumer.deliveries.all.map(\.tag))
            await consumer.consumer.closeChannel()
            try await client.waitForDepth(of: "paused", ready: 0)
            try await client.connection.deleteQueue("paused")
            await client.connection.close()
        }

        @Test func `closing the channel gives back what was not acknowledged`() async throws {
            let client = try await Client.connected("give-back")
            try await client.connection.declare(Topology(queues: [.workQueue("give-back")]))
            _ = await client.publish(["a", "b", "c", "d"], to: "give-back")
            let first = try await client.consume("give-back", prefetch: 10)
            let held = try await first.deliveries.wait(forCount: 4)
            first.consumer.acknowledge([held[1].tag])
            await first.consumer.closeChannel()
            // Void by now, and ignored.
            first.consumer.acknowledge(held.map(\.tag))
            first.consumer.setPrefetch(5)
            await first.consumer.closeChannel()
            let second = try await client.consume("give-back", prefetch: 10)
            second.consumer.acknowledge(held.map(\.tag))
            let again = try await second.deliveries.wait(forCount: 3)
            #expect(again.map(Self.text) == ["a", "c", "d"])
            #expect(again.allSatisfy { $0.isRedelivered && $0.deliveryCount == 1 })
            await second.consumer.closeChannel()
            try await client.waitForDepth(of: "give-back", ready: 3)
            #expect(first.events.all.isEmpty)
            try await client.connection.deleteQueue("give-back")
            await client.connection.close()
        }

        @Test func `a message that came back twenty-five times is still there`() async throws {
            let client = try await Client.connected("patience")
            try await client.connection.declare(Topology(queues: [.workQueue("patience")]))
            _ = await client.publish(["stubborn"], to: "patience")
            for round in 0...25 {
                let consumer = try await client.consume("patience", prefetch: 1)
                let delivery = try #require(try await consumer.deliveries.wait(forCount: 1).first)
                #expect(Self.text(delivery) == "stubborn")
                #expect(delivery.deliveryCount ?? 0 == round)
                await consumer.consumer.closeChannel()
            }
            try await client.waitForDepth(of: "patience", ready: 1)
            try await client.connection.deleteQueue("patience")
            await client.connection.close()
        }

        @Test func `rejecting gives a message back or drops it`() async throws {
            let client = try await Client.connected("reject")
            try await client.connection.declare(
                Topology(queues: [
                    Queue(
                        "reject", kind: .classic,
                        arguments: [
                            "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "rejected",
                        ]),
                    .signalQueue("rejected"),
                ]))
            let dead = try await client.consume("rejected", prefetch: 10)
            let consumer = try await client.consume("reject", prefetch: 10)
            _ = await client.publish(["a", "b"], to: "reject")
            let held = try await consumer.deliveries.wait(forCount: 2)
            consumer.consumer.reject(held[1].tag, requeue: false)
            consumer.consumer.reject(held[1].tag, requeue: false)
            consumer.consumer.reject(held[0].tag, requeue: true)
            // Rejected already: acknowledging it would end the channel if it were sent.
            consumer.consumer.acknowledge([held[0].tag, held[1].tag])
            let again = try await consumer.deliveries.wait(forCount: 3)
            #expect(Self.text(again[2]) == "a")
            #expect(again[2].isRedelivered)
            #expect(try await dead.deliveries.wait(forCount: 1).map(Self.text) == ["b"])
            consumer.consumer.acknowledge([again[2].tag])
            await consumer.consumer.closeChannel()
            try await client.waitForDepth(of: "reject", ready: 0)
            #expect(consumer.events.all.isEmpty)
            try await client.connection.deleteQueue("reject")
            await client.connection.close()
        }

        @Test func `a queue that is deleted is declared and consumed again`() async throws {
            let (client, other) = (try await Client.connected("deleted"), try await Client.connected("deleting"))
            try await client.connection.declare(
                Topology(
                    exchanges: [Exchange("deleted", kind: .direct)], queues: [.workQueue("deleted")],
                    bindings: [Binding(queue: "deleted", exchange: "deleted", routingKey: "k")]))
            let consumer = try await client.consume("deleted", prefetch: 10)
            _ = await client.publish(["old"], to: "deleted")
            let held = try await consumer.deliveries.wait(forCount: 1)
            try await other.connection.deleteQueue("deleted")
            let events = try await consumer.events.wait(forCount: 2)
            #expect(events.map { "\($0)" } == ["cancelledByBroker", "resumed"])
            // The binding is back too; an acknowledgement of what was on the old queue does no harm.
            consumer.consumer.acknowledge(held.map(\.tag))
            let message = OutgoingMessage(exchange: "deleted", routingKey: "k", body: Array("new".utf8))
            #expect(await client.connection.publish([message]) == [.confirmed])
            let all = try await consumer.deliveries.wait(forCount: 2)
            #expect(Self.text(all[1]) == "new")
            await client.connection.close()
            try await other.connection.deleteQueue("deleted")
            await other.connection.close()
        }

        @Test func `a queue that is deleted for good is consumed as soon as it is there again`() async throws {
            let (client, other) = (try await Client.connected("gone"), try await Client.connected("owner"))
            let queue = Topology(queues: [.workQueue("gone")])
            try await other.connection.declare(queue)
            let consumer = try await client.consume("gone", prefetch: 10)
            try await other.connection.deleteQueue("gone")
            // Trying to consume again ended the channel: now the tags are void.
            try await consumer.events.wait(forCount: 2)
            try await other.connection.declare(queue)
            let events = try await consumer.events.wait(forCount: 3)
            #expect(events.map { "\($0)" } == ["cancelledByBroker", "lost", "resumed"])
            _ = await client.publish(["x"], to: "gone")
            try await consumer.deliveries.wait(forCount: 1)
            await client.connection.close()
            try await other.connection.deleteQueue("gone")
            await other.connection.close()
        }

        @Test func `consuming what is not there fails and leaves nothing behind`() async throws {
            let client = try await Client.connected("absent")
            let error = await #expect(throws: AMQPError.self) { _ = try await client.consume("absent", prefetch: 1) }
            #expect(error?.code == .notFound)
            let name = String(repeating: "q", count: 300)
            let second = await #expect(throws: AMQPError.self) { _ = try await client.consume(name, prefetch: 1) }
            #expect(second?.code == .invalidArgument)
            #expect(await client.connection.subscriptionCount == 0)
            #expect(client.events.all.count == 1)
            await client.connection.close()
        }

        @Test func `an exclusive consumer keeps others away`() async throws {
            let client = try await Client.connected("exclusive")
            try await client.connection.declare(Topology(queues: [.signalQueue("exclusive")]))
            let configuration = ConsumerConfiguration(queue: "exclusive", prefetch: 1, exclusive: true)
            let first = try await client.connection.consume(configuration) { _ in }
            let error = await #expect(throws: AMQPError.self) {
                _ = try await client.connection.consume(configuration) { _ in }
            }
            #expect(error?.code == .accessRefused)
            await first.closeChannel()
            _ = try await client.connection.consume(configuration) { _ in }
            await client.connection.close()
        }

        @Test func `a single active consumer hands over when its channel closes`() async throws {
            let (one, two) = (try await Client.connected("sac-1"), try await Client.connected("sac-2"))
            try await one.connection.declare(Topology(queues: [.workQueue("sac", singleActiveConsumer: true)]))
            let first = try await one.consume("sac", prefetch: 2)
            let second = try await two.consume("sac", prefetch: 2)
            _ = await one.publish(["a", "b", "c", "d"], to: "sac")
            let held = try await first.deliveries.wait(forCount: 2)
            first.consumer.acknowledge([held[0].tag])
            let next = try await first.deliveries.wait(forCount: 3)
            #expect(next.map(Self.text) == ["a", "b", "c"])
            #expect(second.deliveries.all.isEmpty)
            await first.consumer.closeChannel()
            let taken = try await second.deliveries.wait(forCount: 2)
            #expect(Set(taken.map(Self.text)) == ["b", "c"])
            second.consumer.acknowledge(taken.map(\.tag))
            let last = try await second.deliveries.wait(forCount: 3)
            #expect(Self.text(last[2]) == "d")
            await one.connection.close()
            try await two.connection.deleteQueue("sac")
            await two.connection.close()
        }

        @Test func `deliveries that need no acknowledgement keep coming`() async throws {
            let client = try await Client.connected("signals")
            try await client.connection.declare(Topology(queues: [.signalQueue("signals")]))
            let consumer = try await client.consume("signals", prefetch: 1, noAck: true)
            _ = await client.publish((0..<200).map(String.init), to: "signals")
            let all = try await consumer.deliveries.wait(forCount: 200)
            #expect(all.map(Self.text) == (0..<200).map(String.init))
            // Nothing to acknowledge, and nothing happens.
            consumer.consumer.acknowledge(all.map(\.tag))
            await consumer.consumer.closeChannel()
            #expect(consumer.events.all.isEmpty)
            await client.connection.close()
        }
    }
}
