import EventLoop
import Logging

extension AMQPConnection {
    /// Frames, or kilobytes of bodies, read in one go before what came is handed on and others get their turn.
    private static let framesInOneGo = 4096

    /// Reads what is there, hands it on, and sends what waits.
    func pump() {
        guard let wire else { return }
        var budget = Self.framesInOneGo
        do throws(AMQPError) {
            while budget > 0, let (number, frame) = try wire.next() {
                try handle(frame, on: number)
                // Handling it may have ended the connection.
                guard self.wire === wire else { return }
                budget -= 1
                if case .contentBody(let bytes) = frame { budget -= bytes.count >> 10 }
            }
        } catch {
            lose(error)
            return
        }
        handDeliveriesOn()
        sendWaiting()
        if budget <= 0 { schedulePump() }
    }

    /// For what the descriptor does not announce.
    func schedulePump() {
        guard !isPumpScheduled else { return }
        isPumpScheduled = true
        loop.execute { [weak self] in
            self?.assumeIsolated {
                $0.isPumpScheduled = false
                $0.pump()
            }
        }
    }

    func sendWaiting() {
        isWaitingForRoom = false
        flushAcknowledgements()
        sendPublishes()
        guard let wire else { return }
        let interest: EventLoop.Readiness = isWaitingForRoom ? [.readable, .writable] : .readable
        loop.rewatch(descriptor, for: interest)
        // A send that had to wait has read meanwhile.
        if wire.hasBufferedFrames { schedulePump() }
    }

    private func handle(_ frame: Frame, on number: UInt16) throws(AMQPError) {
        guard Int(number) < channels.count, let channel = channels[Int(number)] else { return }
        switch frame {
        case .reply(let reply): try channel.answer(reply)
        case .contentStart, .contentHeader, .contentBody:
            if !channel.isClosing, let content = try assemble(frame, on: channel) { take(content, from: channel) }
        case .confirm(let number, let multiple, let isAck): confirm(number, multiple, isAck, on: channel)
        case .consumerCancelled(let tag): consumerCancelled(tag, on: channel)
        case .channelClosed(let code, let text): channelClosed(channel, code, text)
        case .connectionClosed(let code, let text):
            try? wire?.send(.connectionCloseOK, on: 0)
            throw .connectionClosed(code, text, during: "use the connection")
        case .blocked(let reason):
            isBlocked = true
            logger.warning("the broker takes no messages", metadata: ["reason": "\(reason)"])
            onEvent(.blocked(reason))
        case .unblocked:
            isBlocked = false
            logger.info("the broker takes messages again")
            onEvent(.unblocked)
        case .other: break
        }
    }

    private func assemble(_ frame: Frame, on channel: Channel) throws(AMQPError) -> ContentAssembler.Content? {
        do {
            switch frame {
            case .contentStart(let start): try channel.assembler.begin(start)
            case .contentHeader(let bodyBytes, let properties):
                return try channel.assembler.header(bodyBytes: bodyBytes, properties)
            case .contentBody(let bytes): return try channel.assembler.append(bytes)
            default: break
            }
            return nil
        } catch {
            throw AMQPError(.protocolViolation, "read from the broker", "\(error)")
        }
    }

    private func take(_ content: ContentAssembler.Content, from channel: Channel) {
        switch content.start {
        case .delivery(let number, let isRedelivered, let exchange, let routingKey):
            if channel.deliveries.isEmpty { dirtyChannels.append(channel) }
            var session: UInt64 = 0
            if case .consumer(let subscription) = channel.owner {
                session = subscription.session
                if !subscription.configuration.isNoAck { subscription.ledger.deliver(number) }
            }
            channel.deliveries.append(
                Delivery(
                    tag: DeliveryTag(session: session, number: number), body: content.body, exchange: exchange,
                    routingKey: routingKey, isRedelivered: isRedelivered, properties: content.properties))
        case .returned(let code, let text):
            guard let id = content.properties.messageID, let number = UInt64(id) else { return }
            publisher.ledger.markReturned(number, code: code, text: text)
        }
    }

    private func handDeliveriesOn() {
        let dirty = dirtyChannels
        dirtyChannels.removeAll(keepingCapacity: true)
        for channel in dirty { handDeliveriesOn(channel) }
    }

    func handDeliveriesOn(_ channel: Channel) {
        guard !channel.deliveries.isEmpty else { return }
        let deliveries = channel.deliveries
        channel.deliveries = []
        switch channel.owner {
        case .consumer(let subscription): subscription.onEvent(.deliveries(deliveries))
        case .publisher: onReplies?(deliveries)
        case .connection: break
        }
    }

    private func channelClosed(_ channel: Channel, _ code: Int, _ text: String) {
        do {
            try wire?.send(.channelCloseOK, on: channel.number)
        } catch {
            lose(error)
            return
        }
        // Both sides closed it at once: the answer to ours still comes, and frees the number.
        if channel.isClosing { return }
        channels[Int(channel.number)] = nil
        // What was read just now goes back to its queue; only what needs no acknowledgement is worth handing on.
        if case .consumer(let subscription) = channel.owner, !subscription.configuration.isNoAck {
            channel.deliveries = []
        }
        handDeliveriesOn(channel)
        channel.failCalls { AMQPError.channelClosed(code, text, during: $0) }
        switch channel.owner {
        case .connection: break
        case .publisher: publisherChannelClosed(code, text)
        case .consumer(let subscription): subscriptionChannelClosed(subscription, code, text)
        }
    }
}
