/// A queue to declare.
///
/// Use ``workQueue(_:kind:singleActiveConsumer:expiresAfter:)`` and ``signalQueue(_:)`` for the two kinds the system
/// has.
package struct Queue: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case quorum
        case classic
    }

    package var name: String
    package var kind: Kind
    package var isDurable: Bool
    package var isExclusive: Bool
    package var isAutoDelete: Bool
    /// Further arguments; the queue's type and its delivery limit are not among them.
    package var arguments: [String: FieldValue]

    package init(
        _ name: String, kind: Kind, durable: Bool = true, exclusive: Bool = false, autoDelete: Bool = false,
        arguments: [String: FieldValue] = [:]
    ) {
        self.name = name
        self.kind = kind
        isDurable = durable
        isExclusive = exclusive
        isAutoDelete = autoDelete
        self.arguments = arguments
    }

    /// A durable queue of work, from which no message is discarded however often it comes back.
    ///
    /// - Parameters:
    ///   - singleActiveConsumer: the broker gives messages to one consumer at a time, in the order they came.
    ///   - expiresAfter: the broker deletes the queue when for so long it had no consumer and was not declared again.
    package static func workQueue(
        _ name: String, kind: Kind = .quorum, singleActiveConsumer: Bool = false, expiresAfter: Duration? = nil
    ) -> Queue {
        var arguments: [String: FieldValue] = [:]
        if singleActiveConsumer { arguments["x-single-active-consumer"] = true }
        if let expiresAfter { arguments["x-expires"] = .integer(expiresAfter.wholeMilliseconds) }
        return Queue(name, kind: kind, arguments: arguments)
    }

    /// A queue of this connection for news that may be lost: it goes with the connection, keeps the newest
    /// 1,000 messages, each for 10 seconds.
    package static func signalQueue(_ name: String) -> Queue {
        Queue(
            name, kind: .classic, durable: false, exclusive: true,
            arguments: ["x-max-length": 1000, "x-overflow": "drop-head", "x-message-ttl": 10_000])
    }

    /// The arguments as a broker of that version must get them so that no message is discarded for coming back often.
    ///
    /// From version 4 on a quorum queue has a limit of 20 deliveries unless told otherwise. 3.10 has none by itself,
    /// accepts -1, and then discards at the first return.
    package func declaredArguments(for server: ServerProperties) -> [String: FieldValue] {
        var declared = arguments
        declared["x-queue-type"] = .string(kind.rawValue)
        if kind == .quorum, declared["x-delivery-limit"] == nil, server.version.major >= 4 {
            declared["x-delivery-limit"] = -1
        }
        return declared
    }
}

extension Duration {
    var wholeMilliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
