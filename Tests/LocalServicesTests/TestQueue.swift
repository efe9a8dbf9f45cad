import AMQP
import Logging

/// A durable queue of a private broker, used over one connection at a time.
enum TestQueue {
    /// Puts a message into the queue, which is made if absent; returns when the broker has confirmed it.
    static func put(_ text: String, brokerURL: String) async throws -> PublishOutcome? {
        try await withConnection(brokerURL) { connection in
            try await connection.declare(Topology(queues: [.workQueue("kept")]))
            return await connection.publish(
                [OutgoingMessage(exchange: "", routingKey: "kept", body: Array(text.utf8))]
            ).first
        }
    }

    /// Waits for the next message of the queue, and leaves it there.
    static func next(brokerURL: String) async throws -> String? {
        try await withConnection(brokerURL) { connection in
            let (deliveries, arrived) = AsyncStream<Delivery>.makeStream()
            _ = try await connection.consume(ConsumerConfiguration(queue: "kept", prefetch: 1)) { event in
                if case .deliveries(let some) = event { for delivery in some { arrived.yield(delivery) } }
            }
            for await delivery in deliveries { return String(decoding: delivery.body, as: UTF8.self) }
            return nil
        }
    }

    private static func withConnection<Value>(
        _ url: String, _ body: (AMQPConnection) async throws -> Value
    ) async throws -> Value {
        let connection = AMQPConnection(
            url: try BrokerURL(url), name: "test", logger: Logger(label: "test"), onEvent: { _ in })
        connection.start()
        try await connection.waitUntilConnected(timeout: .seconds(30))
        do {
            let value = try await body(connection)
            await connection.close()
            return value
        } catch {
            await connection.close()
            throw error
        }
    }
}
