import Testing

@testable import AMQP

extension BrokerTests {
    @Suite struct Declaring {
        @Test func `declaring twice changes nothing`() async throws {
            let client = try await Client.connected("twice")
            let topology = Topology(
                exchanges: [Exchange("twice", kind: .fanout)], queues: [.workQueue("twice")],
                bindings: [Binding(queue: "twice", exchange: "twice")])
            try await client.connection.declare(topology)
            let message = OutgoingMessage(exchange: "twice", routingKey: "", body: [])
            #expect(await client.connection.publish([message]) == [.confirmed])
            try await client.connection.declare(topology)
            try await client.waitForDepth(of: "twice", ready: 1)
            #expect(await client.connection.topology == topology)
            try await client.connection.deleteQueue("twice")
            #expect(await client.connection.topology == Topology(exchanges: topology.exchanges))
            await client.connection.close()
        }

        @Test func `an unknown queue has no depth and deleting it is no error`() async throws {
            let client = try await Client.connected("unknown")
            #expect(try await client.connection.inspect(queue: "unknown") == nil)
            try await client.connection.deleteQueue("unknown")
            // Each on a channel of its own, which it gives back.
            for _ in 1...50 { #expect(try await client.connection.inspect(queue: "unknown") == nil) }
            #expect(await client.connection.channelCount <= 4)
            #expect(client.events.all.count == 1)
            await client.connection.close()
        }

        @Test func `a declaration that is refused is told and forgotten`() async throws {
            let client = try await Client.connected("mismatch")
            try await client.connection.declare(Topology(queues: [.workQueue("mismatch")]))
            let other = Topology(
                queues: [.signalQueue("mismatch-good"), .workQueue("mismatch", kind: .classic), .signalQueue("late")])
            let error = await #expect(throws: AMQPError.self) { try await client.connection.declare(other) }
            #expect(error?.code == .preconditionFailed)
            #expect(error?.operation == "declare queue mismatch")
            #expect(error?.detail.contains("inequivalent arg") == true)
            #expect(await client.connection.topology.queues.map(\.name) == ["mismatch-good"])
            try await client.connection.deleteQueue("mismatch")
            await client.connection.close()
        }

        @Test func `a queue of another connection is locked`() async throws {
            let (owner, other) = (try await Client.connected("owner"), try await Client.connected("other"))
            try await owner.connection.declare(Topology(queues: [.signalQueue("locked")]))
            let error = await #expect(throws: AMQPError.self) {
                try await other.connection.declare(Topology(queues: [.signalQueue("locked")]))
            }
            #expect(error?.code == .resourceLocked)
            #expect(error?.isRetryable == true)
            let second = await #expect(throws: AMQPError.self) {
                _ = try await other.connection.inspect(queue: "locked")
            }
            #expect(second?.code == .resourceLocked)
            await owner.connection.close()
            try await other.connection.declare(Topology(queues: [.signalQueue("locked")]))
            await other.connection.close()
        }
    }
}
