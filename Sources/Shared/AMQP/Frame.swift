/// One frame from the broker, as far as this side listens.
enum Frame {
    case reply(Reply)
    case contentStart(ContentStart)
    case contentHeader(bodyBytes: UInt64, MessageProperties)
    /// Valid only until the next frame is read.
    case contentBody(UnsafeRawBufferPointer)
    case confirm(number: UInt64, multiple: Bool, isAck: Bool)
    case consumerCancelled(tag: String)
    case channelClosed(code: Int, text: String)
    case connectionClosed(code: Int, text: String)
    case blocked(String)
    case unblocked
    /// A heartbeat, or a method of no interest.
    case other
}

/// The method that a content header and body frames follow.
enum ContentStart: Hashable, Sendable {
    case delivery(number: UInt64, isRedelivered: Bool, exchange: String, routingKey: String)
    case returned(code: Int, text: String)
}
