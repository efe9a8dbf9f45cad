/// The broker's answer to a ``Method``.
struct Reply: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case connectionClose
        case channelOpen
        case channelClose
        case exchangeDeclare
        case queueDeclare
        case queueDelete
        case queueBind
        case confirmSelect
        case qos
        case consume
        case cancel
    }

    let kind: Kind
    /// Of `queueDeclare` only.
    var depth: QueueDepth?
}
