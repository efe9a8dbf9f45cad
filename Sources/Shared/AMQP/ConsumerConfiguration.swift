/// What to consume, and how.
package struct ConsumerConfiguration: Sendable {
    package var queue: String
    /// How many deliveries may be unacknowledged; what basic.qos gets. 0: do not consume yet.
    package var prefetch: UInt16
    /// Refused while the queue has another consumer.
    package var isExclusive: Bool
    /// Deliveries count as acknowledged when sent; `prefetch` then bounds nothing and only says whether to consume.
    package var isNoAck: Bool
    package var arguments: [String: FieldValue]

    package init(
        queue: String, prefetch: UInt16, exclusive: Bool = false, noAck: Bool = false,
        arguments: [String: FieldValue] = [:]
    ) {
        self.queue = queue
        self.prefetch = prefetch
        isExclusive = exclusive
        isNoAck = noAck
        self.arguments = arguments
    }
}
