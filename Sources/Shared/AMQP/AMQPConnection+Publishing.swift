import EventLoop
import Logging

extension AMQPConnection {
    /// The pseudo-queue through which answers come straight back to the connection that asked (direct reply-to).
    package static let directReplyTo = "amq.rabbitmq.reply-to"

    /// Sent before the socket is asked again whether it has room; small against any socket buffer.
    private static let bytesBetweenChecks = 16 << 10
    /// Sent before confirms are read and others get their turn.
    private static let bytesInOneGo = 256 << 10

    /// Publishes messages in order. `completion` is called once, on the connection's thread, when each of them has its
    /// outcome; they stand in the order of the messages.
    ///
    /// One call is one hop to the connection's thread however many messages it has. Without a connection all are
    /// `lost`. While the broker is blocked they wait: how much waits is the caller's to bound. Callable from any
    /// thread; calls made one after the other are published in that order.
    package nonisolated func publish(
        _ messages: [OutgoingMessage], completion: @escaping @Sendable ([PublishOutcome]) -> Void
    ) {
        loop.execute {
            self.assumeIsolated { $0.accept(PublishBatch(messages, completion)) }
        }
    }

    /// Publishes messages in order and returns their outcomes in that order, as `publish(_:completion:)`.
    package nonisolated func publish(_ messages: [OutgoingMessage]) async -> [PublishOutcome] {
        await withCheckedContinuation { continuation in
            publish(messages) { continuation.resume(returning: $0) }
        }
    }

    /// Takes the answers to messages published on this connection with ``directReplyTo`` as their `replyTo`, now and
    /// after every reconnect. Answers are not acknowledged; one that comes while the connection is away is lost. A
    /// second call replaces the callback.
    ///
    /// - Throws: `.notConnected`, `.connectionLost`, `.timedOut`; it is in force for later connections all the same.
    package func receiveReplies(
        _ onDeliveries: @escaping @Sendable ([Delivery]) -> Void
    ) async throws(AMQPError) {
        let isFirst = onReplies == nil
        onReplies = onDeliveries
        guard isFirst else { return }
        let generation = generation
        try await awaitConnection("receive replies", within: settings.callTimeout)
        // A connection that was made since then has it already.
        guard self.generation == generation, let channel = publisher.channel else { return }
        try await consumeReplies(on: channel)
    }

    private func accept(_ batch: PublishBatch) {
        guard phase == .connected else {
            for index in batch.messages.indices { batch.settle(index, .lost) }
            return
        }
        publisher.add(batch)
        sendWaiting()
    }

    /// Opens the channel that everything is published on.
    func openPublisher() async throws(AMQPError) {
        let channel = try await openChannel(.publisher)
        _ = try await call(.confirmSelect, on: channel)
        if onReplies != nil { try await consumeReplies(on: channel) }
        publisher.channel = channel
        sendWaiting()
    }

    private func consumeReplies(on channel: Channel) async throws(AMQPError) {
        guard !channel.receivesReplies else { return }
        channel.receivesReplies = true
        let replies = ConsumerConfiguration(queue: Self.directReplyTo, prefetch: 0, noAck: true)
        _ = try await call(.consume(replies, tag: "tessera.replies"), on: channel)
    }

    func sendPublishes() {
        guard let wire, let channel = publisher.channel, !isBlocked, publisher.hasWaiting else { return }
        var turn = Self.bytesInOneGo
        var unchecked = 0
        while turn > 0 {
            if unchecked <= 0 {
                guard wire.isWritable else {
                    isWaitingForRoom = true
                    return
                }
                unchecked = Self.bytesBetweenChecks
            }
            guard let token = publisher.takeNext() else { break }
            let message = token.message
            if let refusal = refusal(of: message, wire) {
                token.settle(refusal)
                continue
            }
            let number = publisher.ledger.nextNumber
            publisher.ledger.send(token)
            do {
                try wire.publish(message, number: number, on: channel.number)
            } catch {
                lose(error)
                return
            }
            let bytes = message.body.count + 128
            turn -= bytes
            unchecked -= bytes
        }
        if publisher.hasWaiting { schedulePump() }
        if publisher.isIdle { publisherBecameIdle() }
    }

    private func refusal(of message: OutgoingMessage, _ wire: Wire) -> PublishOutcome? {
        if message.replyTo == Self.directReplyTo, onReplies == nil {
            return .returned(code: 406, text: "nobody receives replies on this connection")
        }
        return message.refusal(frameMaxBytes: wire.frameMaxBytes, maxBodyBytes: settings.bodyMaxBytes)
    }

    func confirm(_ number: UInt64, _ multiple: Bool, _ isAck: Bool, on channel: Channel) {
        guard channel === publisher.channel else { return }
        if isAck {
            publisher.ledger.acknowledge(number, multiple: multiple) { token, outcome in token.settle(outcome) }
        } else {
            publisher.ledger.refuse(number, multiple: multiple) { token, outcome in token.settle(outcome) }
        }
        if publisher.isIdle { publisherBecameIdle() }
    }

    func publisherChannelClosed(_ code: Int, _ text: String) {
        logger.error("the broker closed the channel for publishing", metadata: ["reason": "\(code) \(text)"])
        publisher.channelClosed(code: code, text: text)
        if publisher.isIdle { publisherBecameIdle() }
        // While the connection is being set up that is the set-up's failure.
        guard phase == .connected || phase == .closing else { return }
        let generation = generation
        Task {
            do throws(AMQPError) {
                try await openPublisher()
            } catch {
                if isCurrent(generation) { lose(error) }
            }
        }
    }
}
