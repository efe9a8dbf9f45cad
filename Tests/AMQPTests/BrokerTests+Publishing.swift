import Testing

@testable import AMQP

extension BrokerTests {
    @Suite struct Publishing {
        @Test func `twenty thousand messages are published, confirmed, consumed and acknowledged`() async throws {
            let (publishing, consuming) = (try await Client.connected("pub"), try await Client.connected("con"))
            try await consuming.connection.declare(Topology(queues: [.workQueue("round-trip")]))
            let consumer = try await consuming.consume("round-trip", prefetch: 1000)
            let count = 20_000
            let outcomes = Recorder<PublishOutcome>()
            for start in stride(from: 0, to: count, by: 500) {
                let messages = (start..<start + 500).map { number in
                    OutgoingMessage(exchange: "", routingKey: "round-trip", body: Array("\(number)".utf8))
                }
                publishing.connection.publish(messages) { outcomes.record(contentsOf: $0) }
            }
            var acknowledged = 0
            while acknowledged < count {
                let known = acknowledged
                let deliveries = try await consumer.deliveries.wait { $0.count > known }
                consumer.consumer.acknowledge(deliveries[acknowledged...].map(\.tag))
                acknowledged = deliveries.count
            }
            let all = try await outcomes.wait(forCount: count)
            #expect(all.count == count)
            #expect(all.allSatisfy { $0 == .confirmed })
            let bodies = consumer.deliveries.all.map { String(decoding: $0.body, as: UTF8.self) }
            #expect(bodies == (0..<count).map(String.init))
            // With a prefetch of 1000 the last one comes only if nearly all acknowledgements arrived.
            try await consuming.connection.deleteQueue("round-trip")
            await publishing.connection.close()
            await consuming.connection.close()
        }

        @Test func `properties and headers come through as they were`() async throws {
            let client = try await Client.connected("properties")
            try await client.connection.declare(Topology(queues: [.signalQueue("properties")]))
            let consumer = try await client.consume("properties", prefetch: 10)
            let headers: [String: FieldValue] = [
                "text": "grün", "number": -9_000_000_000, "yes": true, "real": .double(0.5), "nothing": .void,
                "bytes": .bytes([0, 255]), "time": .timestamp(1_700_000_000), "empty": "",
                "list": .array([1, "two", .array([])]), "table": .table(["inner": .table(["deep": 1])]),
                "long": .string(String(repeating: "x", count: 70_000)),
            ]
            let message = OutgoingMessage(
                exchange: "", routingKey: "properties", body: [1, 2, 3], isPersistent: false, replyTo: "answers",
                correlationID: "c-1", headers: headers, expiration: .seconds(60))
            #expect(await client.connection.publish([message]) == [.confirmed])
            let delivery = try #require(try await consumer.deliveries.wait(forCount: 1).first)
            #expect(delivery.body == [1, 2, 3])
            #expect(delivery.exchange == "")
            #expect(delivery.routingKey == "properties")
            #expect(delivery.replyTo == "answers")
            #expect(delivery.correlationID == "c-1")
            #expect(delivery.headers == headers)
            #expect(!delivery.isRedelivered)
            #expect(delivery.deliveryCount == nil)
            await client.connection.close()
        }

        @Test(arguments: [0, 1, 131_064, 131_065, 3_000_000])
        func `bodies of any size come through`(bytes: Int) async throws {
            let client = try await Client.connected("bodies")
            try await client.connection.declare(Topology(queues: [.signalQueue("bodies")]))
            let consumer = try await client.consume("bodies", prefetch: 10)
            var random = SeededRandom(UInt64(bytes))
            let body = (0..<bytes).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let message = OutgoingMessage(exchange: "", routingKey: "bodies", body: body)
            // Three at once: one message's frames must not end up in another.
            #expect(
                await client.connection.publish([message, message, message]) == Array(repeating: .confirmed, count: 3))
            let deliveries = try await consumer.deliveries.wait(forCount: 3)
            #expect(deliveries.allSatisfy { $0.body == body })
            await client.connection.close()
        }

        @Test func `unroutable messages are told apart from their neighbours`() async throws {
            let client = try await Client.connected("unroutable")
            try await client.connection.declare(Topology(queues: [.signalQueue("routable")]))
            let keys = (0..<100).map { $0 % 3 == 0 ? "nowhere" : "routable" }
            let outcomes = await client.connection.publish(
                keys.map { OutgoingMessage(exchange: "", routingKey: $0, body: []) })
            for (key, outcome) in zip(keys, outcomes) {
                #expect(outcome == (key == "nowhere" ? .returned(code: 312, text: "NO_ROUTE") : .confirmed))
            }
            let unimportant = OutgoingMessage(exchange: "", routingKey: "nowhere", body: [], isMandatory: false)
            #expect(await client.connection.publish([unimportant]) == [.confirmed])
            await client.connection.close()
        }

        @Test func `a message that the broker cannot take is refused`() async throws {
            let client = try await Client.connected("refused")
            let queue = Queue(
                "full", kind: .classic, durable: false, exclusive: true,
                arguments: ["x-max-length": 1, "x-overflow": "reject-publish"])
            try await client.connection.declare(Topology(queues: [queue]))
            let first = await client.publish(["a", "b"], to: "full")
            let then = await client.publish(["c"], to: "full")
            #expect(first.first == .confirmed)
            #expect(then == [.refused])
            await client.connection.close()
        }

        @Test func `a missing exchange is told and the connection goes on`() async throws {
            let client = try await Client.connected("missing-exchange")
            try await client.connection.declare(Topology(queues: [.signalQueue("still-here")]))
            let bad = OutgoingMessage(exchange: "no-such-exchange", routingKey: "", body: [])
            let outcome = await client.connection.publish([bad])
            guard case .returned(code: 404, let text) = outcome.first else {
                Issue.record("\(outcome)")
                return
            }
            #expect(text.contains("no-such-exchange"))
            #expect(await client.publish(["x"], to: "still-here") == [.confirmed])
            // Only a channel was lost.
            #expect(client.events.all.count == 1)
            await client.connection.close()
        }

        @Test func `messages that AMQP cannot carry do no harm to the others`() async throws {
            let client = try await Client.connected("impossible")
            try await client.connection.declare(Topology(queues: [.signalQueue("possible")]))
            let long = String(repeating: "k", count: 256)
            let outcomes = await client.connection.publish([
                OutgoingMessage(exchange: "", routingKey: "possible", body: []),
                OutgoingMessage(exchange: "", routingKey: long, body: []),
                OutgoingMessage(
                    exchange: "", routingKey: "possible", body: [],
                    headers: ["h": .string(String(repeating: "x", count: 140_000))]),
                OutgoingMessage(exchange: "", routingKey: "possible", body: []),
                OutgoingMessage(exchange: "", routingKey: "x", body: [], replyTo: AMQPConnection.directReplyTo),
            ])
            let codes = outcomes.map { outcome -> Int in
                if case .returned(let code, _) = outcome { code } else { outcome == .confirmed ? 0 : -1 }
            }
            #expect(codes == [0, 502, 311, 0, 406])
            #expect(await client.connection.publish([]) == [])
            await client.connection.close()
        }

        @Test func `an answer comes back by direct reply-to`() async throws {
            let (asking, answering) = (try await Client.connected("asking"), try await Client.connected("answering"))
            try await answering.connection.declare(Topology(queues: [.signalQueue("questions")]))
            let questions = try await answering.consume("questions", prefetch: 10)
            let answers = Recorder<Delivery>()
            try await asking.connection.receiveReplies { answers.record(contentsOf: $0) }
            let question = OutgoingMessage(
                exchange: "", routingKey: "questions", body: Array("how much?".utf8),
                replyTo: AMQPConnection.directReplyTo, correlationID: "q-1")
            #expect(await asking.connection.publish([question]) == [.confirmed])
            let asked = try #require(try await questions.deliveries.wait(forCount: 1).first)
            let answer = OutgoingMessage(
                exchange: "", routingKey: try #require(asked.replyTo), body: Array("42".utf8), isPersistent: false,
                isMandatory: false, correlationID: asked.correlationID)
            #expect(await answering.connection.publish([answer]) == [.confirmed])
            let answered = try #require(try await answers.wait(forCount: 1).first)
            #expect(answered.correlationID == "q-1")
            #expect(answered.body == Array("42".utf8))
            await asking.connection.close()
            await answering.connection.close()
        }

        @Test func `while the broker is blocked messages wait and are then confirmed`() async throws {
            let broker = try PrivateBroker.shared.get()
            let client = try await Client.connected("blocked")
            try await client.connection.declare(Topology(queues: [.signalQueue("blocked")]))
            let alarm = "{{resource_limit, memory, node()}, []}"
            try broker.evaluate("rabbit_alarm:set_alarm(\(alarm)).")
            let outcomes = Recorder<PublishOutcome>()
            // The broker says so to who publishes; it may have read this one whole by then, or not.
            client.connection.publish([OutgoingMessage(exchange: "", routingKey: "blocked", body: [])]) {
                outcomes.record(contentsOf: $0)
            }
            try await client.events.wait(forCount: 2)
            // More than a socket holds: it must not be written, or this connection's thread would stand still.
            let large = OutgoingMessage(
                exchange: "", routingKey: "blocked", body: Array(repeating: 0, count: 8 << 20), isPersistent: false)
            client.connection.publish([large, large]) { outcomes.record(contentsOf: $0) }
            // The connection's thread answers: it does not hang in a write.
            await client.connection.forget(queue: "nothing")
            #expect(outcomes.all.count <= 1)
            try broker.evaluate("rabbit_alarm:clear_alarm({resource_limit, memory, node()}).")
            #expect(try await outcomes.wait(forCount: 3) == Array(repeating: .confirmed, count: 3))
            let names = client.events.all.map { "\($0)".prefix { $0.isLetter } }
            #expect(names == ["connected", "blocked", "unblocked"])
            await client.connection.close()
        }

        @Test func `closing waits for the confirms`() async throws {
            let client = try await Client.connected("closing")
            try await client.connection.declare(Topology(queues: [.workQueue("closing")]))
            let outcomes = Recorder<PublishOutcome>()
            let messages = (0..<2000).map {
                OutgoingMessage(exchange: "", routingKey: "closing", body: [UInt8($0 % 256)])
            }
            client.connection.publish(messages) { outcomes.record(contentsOf: $0) }
            await client.connection.close()
            #expect(outcomes.all == Array(repeating: .confirmed, count: 2000))
            let other = try await Client.connected("counting")
            try await other.waitForDepth(of: "closing", ready: 2000)
            try await other.connection.deleteQueue("closing")
            await other.connection.close()
        }
    }
}
