/// A message to publish.
package struct OutgoingMessage: Sendable {
    /// The empty name is the default exchange, which routes to the queue named by `routingKey`.
    package var exchange: String
    /// At most 255 bytes, as are `exchange`, `replyTo` and `correlationID`.
    package var routingKey: String
    package var body: [UInt8]
    /// Survives a restart of the broker, on a durable queue.
    package var isPersistent: Bool
    /// Comes back as ``PublishOutcome/returned(code:text:)`` when no queue is bound; else it is confirmed and gone.
    /// Must be false for an answer to a direct reply-to, which no queue is bound for.
    package var isMandatory: Bool
    package var replyTo: String?
    package var correlationID: String?
    package var headers: [String: FieldValue]
    /// How long it may wait in a queue, in whole milliseconds.
    package var expiration: Duration?

    package init(
        exchange: String, routingKey: String, body: [UInt8], isPersistent: Bool = true, isMandatory: Bool = true,
        replyTo: String? = nil, correlationID: String? = nil, headers: [String: FieldValue] = [:],
        expiration: Duration? = nil
    ) {
        self.exchange = exchange
        self.routingKey = routingKey
        self.body = body
        self.isPersistent = isPersistent
        self.isMandatory = isMandatory
        self.replyTo = replyTo
        self.correlationID = correlationID
        self.headers = headers
        self.expiration = expiration
    }

    /// Why AMQP cannot carry this message, as the outcome it gets; nil when it can.
    ///
    /// Found out beforehand, since a message that fails half-way costs the channel.
    func refusal(frameMaxBytes: Int, maxBodyBytes: Int) -> PublishOutcome? {
        for (name, text) in [
            ("exchange", exchange), ("routing key", routingKey), ("reply-to", replyTo ?? ""),
            ("correlation id", correlationID ?? ""),
        ] where text.utf8.count > 255 {
            return .returned(code: 502, text: "the \(name) is longer than 255 bytes")
        }
        if body.count > maxBodyBytes {
            return .returned(code: 311, text: "the body is longer than \(maxBodyBytes) bytes")
        }
        if !headers.isEmpty {
            // 1.5 KiB: five short strings and the fixed part of the frame.
            if FieldValue.encodedBytes(of: headers) > frameMaxBytes - 1536 {
                return .returned(code: 311, text: "the headers are too long for one frame")
            }
            if headers.keys.contains(where: { $0.utf8.count > 128 }) {
                return .returned(code: 502, text: "a header's name is longer than 128 bytes")
            }
        }
        return nil
    }
}
