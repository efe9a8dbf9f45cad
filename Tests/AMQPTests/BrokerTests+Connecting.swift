import Logging
import Testing

@testable import AMQP

extension BrokerTests {
    @Suite struct Connecting {
        @Test func `the broker says what it is`() async throws {
            let client = try await Client.connected("hello")
            guard case .connected(let generation, let server) = client.events.all.first else {
                Issue.record("\(client.events.all)")
                return
            }
            #expect(generation == 1)
            #expect(server.product == "RabbitMQ")
            #expect(server.version >= ServerProperties.Version("3.8"))
            #expect(await client.connection.server == server)
            let broker = try PrivateBroker.shared.get()
            let names = try broker.evaluate(
                """
                [begin {_, T} = lists:keyfind(client_properties, 1, rabbit_networking:connection_info(P, \
                [client_properties])), {_, _, C} = lists:keyfind(<<"capabilities">>, 1, T), \
                {lists:keyfind(<<"connection_name">>, 1, T), C} end || P <- rabbit_networking:connections()].
                """)
            for capability in ["consumer_cancel_notify", "connection.blocked", "basic.nack", "publisher_confirms"] {
                #expect(names.contains("<<\"\(capability)\">>,bool,true"), "\(names)")
            }
            #expect(names.contains("<<\"hello\">>"))
            await client.connection.close()
        }

        @Test(arguments: ["amqp://guest:wrong-password@", "amqp://guest:guest@/no-such-vhost"])
        func `a login that is refused is told at once`(pattern: String) async throws {
            let broker = try PrivateBroker.shared.get()
            let first = try await Client.connected("is-up")
            await first.connection.close()
            let url = pattern.replacing("@", with: "@127.0.0.1:\(broker.port)")
            let client = try Client("refused", url: url)
            let error = await #expect(throws: AMQPError.self) {
                try await client.connection.waitUntilConnected(timeout: .seconds(600))
            }
            #expect(error?.code == .accessRefused)
            #expect(error?.description.contains("wrong-password") == false)
            await client.connection.close()
            #expect(client.events.all.isEmpty)
        }

        @Test func `nobody listening is told when the time is up`() async throws {
            let client = try Client("nobody", url: "amqp://127.0.0.1:1")
            let error = await #expect(throws: AMQPError.self) {
                try await client.connection.waitUntilConnected(timeout: .milliseconds(300))
            }
            #expect(error?.code == .notConnected)
            #expect(error?.detail.contains("unreachable") == true, "\(error?.detail ?? "")")
            #expect(await client.publish(["x"], to: "q") == [.lost])
            await client.connection.close()
        }

        @Test func `TLS is verified against the authority and the host's name`() async throws {
            let broker = try PrivateBroker.shared.get()
            let up = try await Client.connected("is-up")
            await up.connection.close()
            let good = try await Client.connected(
                "tls", url: "amqps://guest:guest@localhost:\(broker.tlsPort)?cacertfile=\(broker.authorityFile)")
            try await good.connection.declare(Topology(queues: [.signalQueue("tls")]))
            let consumer = try await good.consume("tls", prefetch: 100)
            let body = Array(repeating: 7 as UInt8, count: 300_000)
            let messages = Array(repeating: OutgoingMessage(exchange: "", routingKey: "tls", body: body), count: 20)
            #expect(await good.connection.publish(messages).allSatisfy { $0 == .confirmed })
            #expect(try await consumer.deliveries.wait(forCount: 20).allSatisfy { $0.body == body })
            await good.connection.close()

            for (host, file) in [
                ("localhost", broker.otherAuthorityFile), ("127.0.0.1", broker.authorityFile),
                ("localhost", "/no/such/file"),
            ] {
                let client = try Client(
                    "tls-bad", url: "amqps://guest:guest@\(host):\(broker.tlsPort)",
                    settings: .init(certificateAuthorityFile: file))
                let error = await #expect(throws: AMQPError.self) {
                    try await client.connection.waitUntilConnected(timeout: .seconds(600))
                }
                #expect(error?.code == .certificateRefused, "\(host) \(file): \(error?.description ?? "")")
                #expect(client.events.all.isEmpty)
                await client.connection.close()
            }
        }

        @Test func `after closing every call answers`() async throws {
            let client = try await Client.connected("closed")
            try await client.connection.declare(Topology(queues: [.signalQueue("closed")]))
            let consumer = try await client.consume("closed", prefetch: 1)
            await client.connection.close()
            await client.connection.close()
            #expect(consumer.events.all.map { "\($0)" } == ["lost"])
            #expect(await client.publish(["x"], to: "closed") == [.lost])
            await consumer.consumer.closeChannel()
            consumer.consumer.setPrefetch(5)
            for call in [
                { try await client.connection.declare(Topology()) },
                { _ = try await client.connection.inspect(queue: "closed") },
                { _ = try await client.consume("closed", prefetch: 1) },
                { try await client.connection.waitUntilConnected(timeout: .seconds(1)) },
            ] as [() async throws -> Void] {
                let error = await #expect(throws: AMQPError.self) { try await call() }
                #expect(error?.code == .closed)
            }
            #expect(client.events.all.count == 1)
        }

        @Test func `a connection that was never started can be closed`() async throws {
            let broker = try PrivateBroker.shared.get()
            let connection = AMQPConnection(
                url: try BrokerURL(broker.url), name: "idle",
                logger: .init(label: "test") { _ in SwiftLogNoOpLogHandler() }, onEvent: { _ in })
            #expect(await connection.publish([OutgoingMessage(exchange: "", routingKey: "q", body: [])]) == [.lost])
            await connection.close()
        }

        @Test func `a connection that is dropped disconnects`() async throws {
            let watcher = try await Client.connected("watcher")
            try await watcher.connection.declare(Topology(queues: [.workQueue("dropped")]))
            let second = Recorder<Delivery>()
            do {
                let client = try await Client.connected("dropped")
                let consumer = try await client.consume("dropped", prefetch: 5)
                _ = await client.publish(["a"], to: "dropped")
                try await consumer.deliveries.wait(forCount: 1)
            }
            // What it held comes to somebody else: it is gone.
            _ = try await watcher.connection.consume(ConsumerConfiguration(queue: "dropped", prefetch: 1)) { event in
                if case .deliveries(let new) = event { second.record(contentsOf: new) }
            }
            try await second.wait(forCount: 1)
            try await watcher.connection.deleteQueue("dropped")
            await watcher.connection.close()
        }

        @Test func `heartbeats are kept while nothing else happens`() async throws {
            let client = try await Client.connected("idle", settings: .init(heartbeat: .seconds(1)))
            // The signal that time has passed: a message that waits four heartbeats before it moves to the queue read.
            try await client.connection.declare(
                Topology(queues: [
                    Queue(
                        "waiting-room", kind: .classic, durable: false, exclusive: true,
                        arguments: [
                            "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "time-is-up",
                        ]),
                    .signalQueue("time-is-up"),
                ]))
            let consumer = try await client.consume("time-is-up", prefetch: 1)
            let message = OutgoingMessage(
                exchange: "", routingKey: "waiting-room", body: [], expiration: .seconds(4))
            #expect(await client.connection.publish([message]) == [.confirmed])
            try await consumer.deliveries.wait(forCount: 1)
            #expect(client.events.all.count == 1)
            #expect(consumer.events.all.isEmpty)
            await client.connection.close()
        }
    }
}
