import EventLoop

/// A consumer on a channel of its own; made by ``AMQPConnection/consume(_:onEvent:)``.
///
/// It lasts until `closeChannel`, through lost connections, whether or not this value is kept. Every function may be
/// called from any thread, and what is called one after the other happens in that order.
package final class Consumer: Sendable {
    package let queue: String
    private let id: UInt64
    private let connection: AMQPConnection

    init(id: UInt64, queue: String, connection: AMQPConnection) {
        self.id = id
        self.queue = queue
        self.connection = connection
    }

    /// Acknowledges deliveries, in any order. Those of an earlier session, or acknowledged before, are ignored.
    ///
    /// What is acknowledged within a moment goes out together, as one frame where it is an unbroken run from the oldest
    /// unacknowledged delivery. Nothing tells that the broker got it: if the connection breaks, the delivery may come
    /// again.
    package func acknowledge(_ tags: [DeliveryTag]) {
        onLoop { $0.acknowledge(tags, of: $1) }
    }

    /// Gives one delivery back to the queue (`requeue`), or has it discarded, or dead-lettered where the queue says so.
    package func reject(_ tag: DeliveryTag, requeue: Bool) {
        onLoop { $0.reject(tag, requeue: requeue, of: $1) }
    }

    /// Changes how many deliveries may be unacknowledged: exactly this goes into basic.qos, and the deliveries that are
    /// still held do not count against it, since the subscription is a new one. 0 stops the deliveries. What is
    /// unacknowledged stays valid; a few deliveries may still come under the earlier prefetch.
    package func setPrefetch(_ prefetch: UInt16) {
        onLoop { $0.setPrefetch(prefetch, of: $1) }
    }

    /// Ends the consumer: what it has not acknowledged goes back to its queue at once, in its old place. No event comes
    /// after it returns. A second call, or one after the connection was closed, returns at once.
    ///
    /// What was acknowledged just before may come back too: a quorum queue of RabbitMQ 3.10 that is behind with
    /// acknowledgements forgets the rest of them when the channel closes.
    package func closeChannel() async {
        await connection.closeConsumer(id)
    }

    private func onLoop(_ action: @escaping @Sendable (isolated AMQPConnection, UInt64) -> Void) {
        let (connection, id) = (connection, id)
        connection.loop.execute {
            connection.assumeIsolated { action($0, id) }
        }
    }
}
