/// A message from a queue.
package struct Delivery: Sendable {
    package let tag: DeliveryTag
    package let body: [UInt8]
    package let exchange: String
    package let routingKey: String
    /// It was delivered before, to this or to another consumer, and came back; or it was on its way under a prefetch
    /// that was changed just then.
    package let isRedelivered: Bool
    package let properties: MessageProperties

    package init(
        tag: DeliveryTag, body: [UInt8], exchange: String, routingKey: String, isRedelivered: Bool,
        properties: MessageProperties = MessageProperties()
    ) {
        self.tag = tag
        self.body = body
        self.exchange = exchange
        self.routingKey = routingKey
        self.isRedelivered = isRedelivered
        self.properties = properties
    }

    /// How often it came back to its quorum queue before (header `x-delivery-count`), lost connections included;
    /// nil on the first delivery and on classic queues.
    package var deliveryCount: Int? { properties.headers["x-delivery-count"]?.integerValue }
    package var replyTo: String? { properties.replyTo }
    package var correlationID: String? { properties.correlationID }
    package var headers: [String: FieldValue] { properties.headers }
}
