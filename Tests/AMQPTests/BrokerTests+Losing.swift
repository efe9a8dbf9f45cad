import Testing

@testable import AMQP

extension BrokerTests {
    @Suite struct Losing {
        static func names(_ events: [ConnectionEvent]) -> [String] {
            events.map { String("\($0)".prefix { $0.isLetter }) }
        }

        @Test func `a broker that is killed and comes back has lost nothing that was confirmed`() async throws {
            let broker = try PrivateBroker.shared.get()
            let (publishing, consuming) = (try await Client.connected("pub"), try await Client.connected("con"))
            try await consuming.connection.declare(
                Topology(
                    exchanges: [Exchange("news", kind: .fanout)],
                    queues: [.workQueue("precious"), .signalQueue("news-here")],
                    bindings: [Binding(queue: "news-here", exchange: "news")]))
            let news = try await consuming.consume("news-here", prefetch: 0, noAck: true)
            news.consumer.setPrefetch(1)
            let consumer = try await consuming.consume("precious", prefetch: 10)

            // A quorum queue declared some seconds before a crash is lost by this version: make it write its names.
            try broker.evaluate("dets:sync(ra_directory_reverse).")
            // Kill it while messages are on their way, some confirmed and some not.
            let outcomes = Recorder<(number: Int, outcome: PublishOutcome)>()
            let batch = 100
            for start in stride(from: 0, to: 30_000, by: batch) {
                let messages = (start..<start + batch).map { number in
                    OutgoingMessage(exchange: "", routingKey: "precious", body: Array("\(number)".utf8))
                }
                publishing.connection.publish(messages) { results in
                    outcomes.record(contentsOf: results.enumerated().map { (start + $0.offset, $0.element) })
                }
            }
            try await outcomes.wait(forCount: 2000)
            let held = try await consumer.deliveries.wait(forCount: 10)
            try broker.kill()
            for client in [publishing, consuming] {
                let events = try await client.events.wait(forCount: 2)
                guard case .lost(let error) = events[1] else {
                    Issue.record("\(events)")
                    return
                }
                #expect(error.isRetryable, "\(error)")
            }
            let all = try await outcomes.wait(forCount: 30_000)
            #expect(Set(all.map(\.number)).count == 30_000)
            let confirmed = Set(all.filter { $0.outcome == .confirmed }.map(\.number))
            #expect(confirmed.count >= 2000)
            #expect(all.contains { $0.outcome == .lost })
            #expect(all.allSatisfy { $0.outcome == .confirmed || $0.outcome == .lost })
            // Gone: nothing is queued for later.
            #expect(await publishing.publish(["x"], to: "precious") == [.lost])
            #expect(try await consumer.events.wait(forCount: 1).map { "\($0)" } == ["lost"])

            try broker.start()
            for client in [publishing, consuming] {
                let events = try await client.events.wait(forCount: 3)
                guard case .connected(generation: 2, _) = events[2] else {
                    Issue.record("\(events)")
                    return
                }
            }
            // The exclusive queue, its binding and both consumers are back by themselves.
            #expect(try await consumer.events.wait(forCount: 2).map { "\($0)" } == ["lost", "resumed"])
            try await news.events.wait(forCount: 2)
            let flash = OutgoingMessage(exchange: "news", routingKey: "", body: Array("flash".utf8))
            #expect(await publishing.connection.publish([flash]) == [.confirmed])
            #expect(try await news.deliveries.wait(forCount: 1).map(\.body) == [Array("flash".utf8)])

            // Tags of the first session are void: to use one on this channel would end it.
            consumer.consumer.acknowledge(held.map(\.tag))
            var seen: Set<Int> = []
            var read = held.count
            while !confirmed.isSubset(of: seen) {
                let known = read
                let deliveries = try await consumer.deliveries.wait { $0.count > known }
                let new = deliveries[read...]
                read = deliveries.count
                for delivery in new { seen.insert(Int(String(decoding: delivery.body, as: UTF8.self)) ?? -1) }
                consumer.consumer.acknowledge(new.map(\.tag))
            }
            #expect(confirmed.isSubset(of: seen))
            // Every confirmed message came, the held ones again.
            #expect(held.allSatisfy { seen.contains(Int(String(decoding: $0.body, as: UTF8.self)) ?? -1) })
            #expect(consumer.events.all.count == 2)
            await publishing.connection.close()
            try await consuming.connection.deleteQueue("precious")
            await consuming.connection.close()
        }

        @Test func `a frozen broker is noticed and the connection comes back when it thaws`() async throws {
            let broker = try PrivateBroker.shared.get()
            let client = try await Client.connected(
                "frozen", settings: .init(heartbeat: .seconds(1), connectTimeout: .seconds(1)))
            try await client.connection.declare(Topology(queues: [.signalQueue("frozen")]))
            let consumer = try await client.consume("frozen", prefetch: 10)
            try broker.freeze()
            // More than the sockets hold: the thread must not hang in a write beyond the heartbeats either.
            let large = OutgoingMessage(
                exchange: "", routingKey: "frozen", body: Array(repeating: 1, count: 1 << 20), isPersistent: false)
            let outcomes = Recorder<PublishOutcome>()
            client.connection.publish(Array(repeating: large, count: 15)) { outcomes.record(contentsOf: $0) }
            let events = try await client.events.wait(forCount: 2)
            guard case .lost(let error) = events[1] else {
                Issue.record("\(events)")
                return
            }
            #expect(error.code == .heartbeatMissed, "\(error)")
            #expect(try await outcomes.wait(forCount: 15) == Array(repeating: .lost, count: 15))
            #expect(try await consumer.events.wait(forCount: 1).map { "\($0)" } == ["lost"])
            try broker.thaw()
            try await client.events.wait(forCount: 3)
            // Its exclusive queue was held by the old connection until the broker had noticed.
            #expect(try await consumer.events.wait(forCount: 2).map { "\($0)" } == ["lost", "resumed"])
            #expect(await client.publish(["again"], to: "frozen") == [.confirmed])
            try await consumer.deliveries.wait { $0.contains { $0.body == Array("again".utf8) } }
            #expect(Self.names(client.events.all) == ["connected", "lost", "connected"])
            await client.connection.close()
        }

        @Test func `a broker that reads nothing does not hold up the connection's thread`() async throws {
            let broker = try PrivateBroker.shared.get()
            let client = try await Client.connected("slow-reader")
            try await client.connection.declare(Topology(queues: [.signalQueue("slow-reader")]))
            try broker.freeze()
            let outcomes = Recorder<PublishOutcome>()
            let message = OutgoingMessage(
                exchange: "", routingKey: "slow-reader", body: Array(repeating: 1, count: 100_000), isPersistent: false)
            client.connection.publish(Array(repeating: message, count: 200)) { outcomes.record(contentsOf: $0) }
            // Answered by that thread, long before the heartbeats would end its wait.
            await client.connection.forget(queue: "nothing")
            #expect(client.events.all.count == 1)
            #expect(outcomes.all.isEmpty)
            try broker.thaw()
            #expect(try await outcomes.wait(forCount: 200) == Array(repeating: .confirmed, count: 200))
            #expect(client.events.all.count == 1)
            await client.connection.close()
        }

        @Test func `what is asked while the broker is away is done when it is back`() async throws {
            let broker = try PrivateBroker.shared.get()
            let client = try await Client.connected("away", settings: BrokerTests.calm)
            try await client.connection.receiveReplies { _ in }
            let closed = try broker.evaluate(
                "[rabbit_networking:close_connection(P, \"test\") || P <- rabbit_networking:connections()].")
            #expect(closed.contains("ok"))
            try await client.events.wait(forCount: 2)
            try await client.connection.declare(Topology(queues: [.signalQueue("away")]))
            let consumer = try await client.consume("away", prefetch: 1)
            // Replies are received again on the new connection: else this would end its channel.
            let message = OutgoingMessage(
                exchange: "", routingKey: "away", body: [], replyTo: AMQPConnection.directReplyTo)
            #expect(await client.connection.publish([message]) == [.confirmed])
            try await consumer.deliveries.wait(forCount: 1)
            guard case .lost(let error) = client.events.all[1] else {
                Issue.record("\(client.events.all)")
                return
            }
            #expect(error.replyCode == 320)
            #expect(Self.names(client.events.all) == ["connected", "lost", "connected"])
            await client.connection.close()
        }

        @Test func `a queue that was forgotten is not declared again`() async throws {
            let broker = try PrivateBroker.shared.get()
            let client = try await Client.connected("forget")
            try await client.connection.declare(Topology(queues: [.signalQueue("kept"), .signalQueue("forgotten")]))
            await client.connection.forget(queue: "forgotten")
            try broker.evaluate(
                "[rabbit_networking:close_connection(P, \"test\") || P <- rabbit_networking:connections()].")
            try await client.events.wait(forCount: 3)
            #expect(try await client.connection.inspect(queue: "kept") != nil)
            #expect(try await client.connection.inspect(queue: "forgotten") == nil)
            await client.connection.close()
        }

        @Test func `a queue that does not answer keeps no other consumer away`() async throws {
            let broker = try PrivateBroker.shared.get()
            let delay = Duration.milliseconds(10) ... .milliseconds(200)
            let client = try await Client.connected(
                "stuck", settings: .init(heartbeat: .seconds(1), callTimeout: .seconds(2), reconnectDelay: delay))
            try await client.connection.declare(Topology(queues: [.workQueue("stuck"), .signalQueue("well")]))
            let stuck = try await client.consume("stuck", prefetch: 5)
            let well = try await client.consume("well", prefetch: 5)
            try broker.evaluate("sys:suspend(whereis('%2F_stuck')).")
            stuck.consumer.setPrefetch(6)
            try await client.events.wait(forCount: 3)
            try await well.events.wait(forCount: 2)
            // Held off, while the other one consumes.
            #expect(stuck.events.all.map { "\($0)" } == ["lost"])
            #expect(await client.publish(["x"], to: "well") == [.confirmed])
            try await well.deliveries.wait(forCount: 1)
            try broker.evaluate("sys:resume(whereis('%2F_stuck')).")
            try await stuck.events.wait { events in
                if case .resumed? = events.last { true } else { false }
            }
            try await client.connection.deleteQueue("stuck")
            await client.connection.close()
        }

        @Test func `a message that is never confirmed is given up`() async throws {
            let broker = try PrivateBroker.shared.get()
            let client = try await Client.connected(
                "unconfirmed", settings: .init(heartbeat: .seconds(1), confirmTimeout: .seconds(2)))
            try await client.connection.declare(Topology(queues: [.workQueue("unconfirmed")]))
            try broker.evaluate("sys:suspend(whereis('%2F_unconfirmed')).")
            #expect(await client.publish(["x"], to: "unconfirmed") == [.lost])
            let events = try await client.events.wait(forCount: 2)
            guard case .lost(let error) = events[1] else {
                Issue.record("\(events)")
                return
            }
            #expect(error.code == .timedOut)
            try broker.evaluate("sys:resume(whereis('%2F_unconfirmed')).")
            try await client.events.wait(forCount: 3)
            #expect(await client.publish(["y"], to: "unconfirmed") == [.confirmed])
            try await client.connection.deleteQueue("unconfirmed")
            await client.connection.close()
        }
    }
}
