/// What this side asks of the broker.
enum Method {
    case connectionClose
    case connectionCloseOK
    case channelOpen
    case channelClose
    case channelCloseOK
    case exchangeDeclare(Exchange)
    case queueDeclare(Queue, arguments: [String: FieldValue])
    /// A passive declare: it changes nothing and tells the depth.
    case queueInspect(String)
    case queueDelete(String)
    case queueBind(Binding)
    case confirmSelect
    case qos(prefetch: UInt16)
    case consume(ConsumerConfiguration, tag: String)
    case cancel(tag: String)
    case acknowledge(UInt64, multiple: Bool)
    case reject(UInt64, requeue: Bool)

    /// The answer that the broker gives to it; nil when it gives none.
    var reply: Reply.Kind? {
        switch self {
        case .connectionClose: .connectionClose
        case .channelOpen: .channelOpen
        case .channelClose: .channelClose
        case .exchangeDeclare: .exchangeDeclare
        case .queueDeclare, .queueInspect: .queueDeclare
        case .queueDelete: .queueDelete
        case .queueBind: .queueBind
        case .confirmSelect: .confirmSelect
        case .qos: .qos
        case .consume: .consume
        case .cancel: .cancel
        case .connectionCloseOK, .channelCloseOK, .acknowledge, .reject: nil
        }
    }

    /// For errors: "declare queue tessera.dead".
    var operation: String {
        switch self {
        case .connectionClose, .connectionCloseOK: "close the connection"
        case .channelOpen: "open a channel"
        case .channelClose, .channelCloseOK: "close a channel"
        case .exchangeDeclare(let exchange): "declare exchange \(exchange.name)"
        case .queueDeclare(let queue, _): "declare queue \(queue.name)"
        case .queueInspect(let queue): "inspect queue \(queue)"
        case .queueDelete(let queue): "delete queue \(queue)"
        case .queueBind(let binding): "bind queue \(binding.queue) to exchange \(binding.exchange)"
        case .confirmSelect: "ask for publisher confirms"
        case .qos: "set the prefetch"
        case .consume(let consumer, _): "consume from queue \(consumer.queue)"
        case .cancel: "stop consuming"
        case .acknowledge, .reject: "acknowledge"
        }
    }

    /// The names in it, each of which AMQP limits to 255 bytes.
    var names: [String] {
        switch self {
        case .exchangeDeclare(let exchange): [exchange.name]
        case .queueDeclare(let queue, _): [queue.name]
        case .queueInspect(let queue), .queueDelete(let queue): [queue]
        case .queueBind(let binding): [binding.queue, binding.exchange, binding.routingKey]
        case .consume(let consumer, let tag): [consumer.queue, tag]
        case .cancel(let tag): [tag]
        default: []
        }
    }
}
