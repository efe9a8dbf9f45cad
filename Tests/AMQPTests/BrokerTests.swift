import Logging
import Testing

@testable import AMQP

/// Everything that needs a broker; one test at a time, since some kill it.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct BrokerTests {
    static let patience = Duration.seconds(60)

    /// So that a machine with too much to do is no fault of the broker.
    static let calm = AMQPConnection.Settings(
        heartbeat: .seconds(20), connectTimeout: .seconds(20), callTimeout: patience)

    /// A connection with what it told, and its consumers.
    struct Client {
        let connection: AMQPConnection
        let events = Recorder<ConnectionEvent>()

        init(_ name: String, url: String? = nil, settings: AMQPConnection.Settings = calm) throws {
            let broker = try PrivateBroker.shared.get()
            var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            logger.logLevel = .critical
            connection = AMQPConnection(
                url: try BrokerURL(url ?? broker.url), name: name, settings: settings, logger: logger,
                onEvent: { [events] in events.record($0) })
            connection.start()
        }

        static func connected(
            _ name: String, url: String? = nil, settings: AMQPConnection.Settings = calm
        ) async throws -> Client {
            let client = try Client(name, url: url, settings: settings)
            try await client.connection.waitUntilConnected(timeout: patience)
            return client
        }

        /// Deliveries and the other events of one consumer, apart.
        func consume(_ queue: String, prefetch: UInt16, noAck: Bool = false) async throws -> TestConsumer {
            let (deliveries, events) = (Recorder<Delivery>(), Recorder<ConsumerEvent>())
            let consumer = try await connection.consume(
                ConsumerConfiguration(queue: queue, prefetch: prefetch, noAck: noAck)
            ) { event in
                if case .deliveries(let new) = event {
                    deliveries.record(contentsOf: new)
                } else {
                    events.record(event)
                }
            }
            return TestConsumer(consumer: consumer, deliveries: deliveries, events: events)
        }

        /// The broker's numbers lag behind what it did on a quorum queue.
        func waitForDepth(of queue: String, ready: Int, consumers: Int = 0) async throws {
            let depth = QueueDepth(readyMessages: ready, consumers: consumers)
            while try await connection.inspect(queue: queue) != depth { try Task.checkCancellation() }
        }

        func publish(_ bodies: [String], to queue: String) async -> [PublishOutcome] {
            await connection.publish(
                bodies.map { OutgoingMessage(exchange: "", routingKey: queue, body: Array($0.utf8)) })
        }
    }

    struct TestConsumer {
        let consumer: Consumer
        let deliveries: Recorder<Delivery>
        let events: Recorder<ConsumerEvent>
    }
}

extension AMQPConnection {
    var subscriptionCount: Int { subscriptions.count }
    /// Channel numbers used at most so far.
    var channelCount: Int { channels.count }
}
