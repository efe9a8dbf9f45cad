import EventLoop
import Logging

extension AMQPConnection {
    /// Consumes from a queue on a channel of its own until `Consumer.closeChannel`, through lost connections.
    ///
    /// Returns when the broker has agreed; deliveries may come before. `onEvent` is called on the connection's thread.
    /// Waits up to `callTimeout` for a connection.
    ///
    /// - Throws: `.notFound`, `.accessRefused` (also for an exclusive consumer where there is another),
    ///   `.preconditionFailed`, `.notConnected`, `.connectionLost`, `.timedOut`: nothing is consumed then, now or
    ///   later.
    package func consume(
        _ configuration: ConsumerConfiguration, onEvent: @escaping @Sendable (ConsumerEvent) -> Void
    ) async throws(AMQPError) -> Consumer {
        try await awaitConnection("consume from queue \(configuration.queue)", within: settings.callTimeout)
        let subscription = Subscription(
            id: newID(), configuration: configuration, retryDelay: settings.reconnectDelay, onEvent: onEvent)
        subscriptions[subscription.id] = subscription
        let result: Result<Void, AMQPError> = await withCheckedContinuation { continuation in
            subscription.onFirstResult = { continuation.resume(returning: $0) }
            apply(subscription.machine.connectionReady(), to: subscription)
        }
        try result.get()
        return Consumer(id: subscription.id, queue: configuration.queue, connection: self)
    }

    func closeConsumer(_ id: UInt64) async {
        guard let subscription = subscriptions[id] else { return }
        await withCheckedContinuation { continuation in
            subscription.onFinished.append { continuation.resume() }
            apply(subscription.machine.close(), to: subscription)
        }
    }

    func setPrefetch(_ prefetch: UInt16, of id: UInt64) {
        guard let subscription = subscriptions[id] else { return }
        apply(subscription.machine.setPrefetch(prefetch), to: subscription)
    }

    // MARK: Acknowledging

    func acknowledge(_ tags: [DeliveryTag], of id: UInt64) {
        guard let subscription = subscriptions[id], subscription.channel != nil else { return }
        for tag in tags where tag.session == subscription.session { subscription.ledger.acknowledge(tag.number) }
        guard !subscriptionsToFlush.contains(where: { $0 === subscription }) else { return }
        subscriptionsToFlush.append(subscription)
        // Not at once: what others acknowledge in this turn of the loop goes out with it.
        if subscriptionsToFlush.count == 1 {
            loop.execute { [weak self] in
                self?.assumeIsolated { $0.sendWaiting() }
            }
        }
    }

    func reject(_ tag: DeliveryTag, requeue: Bool, of id: UInt64) {
        guard let subscription = subscriptions[id], let channel = subscription.channel, !channel.isClosing,
            tag.session == subscription.session, subscription.ledger.reject(tag.number)
        else { return }
        send(.reject(tag.number, requeue: requeue), on: channel)
    }

    func flushAcknowledgements() {
        guard !subscriptionsToFlush.isEmpty, let wire else { return }
        guard wire.isWritable else {
            isWaitingForRoom = true
            return
        }
        let flushed = subscriptionsToFlush
        subscriptionsToFlush.removeAll(keepingCapacity: true)
        for subscription in flushed { flushAcknowledgements(of: subscription) }
    }

    private func flushAcknowledgements(of subscription: Subscription) {
        guard let channel = subscription.channel, !channel.isClosing else { return }
        for frame in subscription.ledger.takeAcknowledgements() {
            send(.acknowledge(frame.number, multiple: frame.multiple), on: channel)
        }
    }

    private func send(_ method: Method, on channel: Channel) {
        guard let wire else { return }
        do {
            try wire.send(method, on: channel.number)
        } catch {
            lose(error)
        }
    }

    // MARK: Events

    func consumerCancelled(_ tag: String, on channel: Channel) {
        guard case .consumer(let subscription) = channel.owner, !channel.isClosing else { return }
        handDeliveriesOn(channel)
        apply(subscription.machine.cancelledByBroker(tag: tag), to: subscription)
    }

    func subscriptionChannelClosed(_ subscription: Subscription, _ code: Int, _ text: String) {
        let operation = "consume from queue \(subscription.configuration.queue)"
        let error = AMQPError.channelClosed(code, text, during: operation)
        logger.warning("the broker closed a consumer's channel", metadata: ["reason": "\(error)"])
        subscription.channel = nil
        apply(subscription.machine.channelClosed(error), to: subscription)
    }

    func apply(_ actions: [ConsumerStateMachine.Action], to subscription: Subscription) {
        for action in actions { apply(action, to: subscription) }
    }

    private func apply(_ action: ConsumerStateMachine.Action, to subscription: Subscription) {
        switch action {
        case .openChannel: openChannel(of: subscription)
        case .start(let tag, let prefetch):
            if !subscription.configuration.isNoAck { post(.qos(prefetch: prefetch), of: subscription) { _ in [] } }
            post(.consume(subscription.configuration, tag: tag), of: subscription) { $0.consuming() }
        case .cancel(let tag): post(.cancel(tag: tag), of: subscription) { $0.cancelConfirmed() }
        case .closeChannel:
            flushAcknowledgements(of: subscription)
            guard let channel = subscription.channel else { return }
            closeChannel(channel) {
                self.apply(subscription.machine.channelCloseConfirmed(), to: subscription)
            }
        case .established:
            subscription.onFirstResult?(.success(()))
            subscription.onFirstResult = nil
        case .failed(let error):
            subscriptions[subscription.id] = nil
            subscription.onFirstResult?(.failure(error))
            subscription.onFirstResult = nil
        case .announce(let announcement): announce(announcement, to: subscription)
        case .retryLater: retryLater(subscription)
        case .finished:
            subscriptions[subscription.id] = nil
            let waiting = subscription.onFinished
            subscription.onFinished = []
            for resume in waiting { resume() }
        }
    }

    private func openChannel(of subscription: Subscription) {
        do {
            subscription.channel = try makeChannel(.consumer(subscription))
        } catch {
            apply(subscription.machine.channelClosed(error), to: subscription)
            return
        }
        subscription.session = newID()
        subscription.ledger = ChannelLedger()
        post(.channelOpen, of: subscription) { $0.channelOpened() }
    }

    /// A method whose answer drives the state machine. Its failure comes as the end of the channel or of the
    /// connection, but for a method that AMQP cannot carry.
    private func post(
        _ method: Method, of subscription: Subscription,
        _ then: @escaping (inout ConsumerStateMachine) -> [ConsumerStateMachine.Action]
    ) {
        guard let channel = subscription.channel else { return }
        post(method, on: channel) { result in
            switch result {
            case .success: self.apply(then(&subscription.machine), to: subscription)
            case .failure(let error) where error.code == .invalidArgument:
                self.closeChannel(channel)
                subscription.channel = nil
                self.apply(subscription.machine.channelClosed(error), to: subscription)
            case .failure: break
            }
        }
    }

    private func announce(_ announcement: ConsumerStateMachine.Announcement, to subscription: Subscription) {
        switch announcement {
        case .cancelledByBroker: subscription.onEvent(.cancelledByBroker)
        case .lost: subscription.onEvent(.lost)
        case .resumed:
            subscription.backoff.reset()
            subscription.holdOff.reset()
            subscription.onEvent(.resumed)
        }
    }

    /// A new connection is up.
    func resumeConsumers() {
        for subscription in subscriptions.values.sorted(by: { $0.id < $1.id }) {
            guard subscription.isHeldOff else {
                apply(subscription.machine.connectionReady(), to: subscription)
                continue
            }
            subscription.isHeldOff = false
            let (id, generation) = (subscription.id, generation)
            loop.schedule(after: subscription.holdOff.next()) { [weak self] in
                self?.assumeIsolated { connection in
                    guard connection.isCurrent(generation), let subscription = connection.subscriptions[id] else {
                        return
                    }
                    connection.apply(subscription.machine.connectionReady(), to: subscription)
                }
            }
        }
    }

    /// The connection is being given up: was it for a queue that does not answer?
    func holdOffUnanswered() {
        for subscription in subscriptions.values {
            guard let since = subscription.channel?.waitingSince,
                since.duration(to: .now) > settings.callTimeout / 2
            else { continue }
            subscription.isHeldOff = true
            logger.error("a queue does not answer", metadata: ["queue": "\(subscription.configuration.queue)"])
        }
    }

    /// Declares the queue again, where it was declared here, and then consumes again.
    private func retryLater(_ subscription: Subscription) {
        let (id, generation) = (subscription.id, generation)
        loop.schedule(after: subscription.backoff.next()) { [weak self] in
            self?.assumeIsolated { connection in
                _ = Task { await connection.retry(id, generation) }
            }
        }
    }

    private func retry(_ id: UInt64, _ generation: Int) async {
        guard isCurrent(generation), let subscription = subscriptions[id] else { return }
        let part = topology.part(of: subscription.configuration.queue)
        try? await declareAll(part.items, generation)
        guard isCurrent(generation), phase == .connected else { return }
        apply(subscription.machine.retryDue(isConnected: true), to: subscription)
    }
}
