import EventLoop
import Logging

extension AMQPConnection {
    /// How long the broker has for its part of the leave-taking.
    private static let farewell = Duration.seconds(1)

    func begin() {
        guard phase == .idle else { return }
        phase = .disconnected
        attempt()
    }

    // MARK: Connecting

    private func attempt() {
        reconnectTimer = nil
        guard phase == .disconnected else { return }
        do {
            adopt(try Wire(url, name: name, settings: settings))
        } catch {
            attemptFailed(error)
        }
    }

    private func attemptFailed(_ error: AMQPError) {
        // Said once, not with every attempt.
        let level: Logger.Level = error == lastFailure ? .debug : .warning
        logger.log(level: level, "cannot connect, trying again", metadata: ["reason": "\(error)"])
        lastFailure = error
        if !error.isRetryable { resumeWaiters { _ in .failure(error) } }
        reconnectLater()
    }

    private func reconnectLater() {
        reconnectTimer = loop.schedule(after: backoff.next()) { [weak self] in
            self?.assumeIsolated { $0.attempt() }
        }
    }

    private func adopt(_ wire: Wire) {
        generation += 1
        self.wire = wire
        phase = .settingUp
        connectedSince = .now
        channels = [Channel(number: 0, owner: .connection)]
        descriptor = wire.descriptor
        loop.watch(descriptor, for: .readable) { [weak self] _ in
            self?.assumeIsolated { $0.pump() }
        }
        scheduleTick()
        // The login may have read more than its own frames.
        schedulePump()
        let generation = generation
        Task { await setUp(generation) }
    }

    /// What a new connection needs before anybody is told of it.
    private func setUp(_ generation: Int) async {
        do throws(AMQPError) {
            try await declareAll(topology.items, generation)
            try await openPublisher()
        } catch {
            if isCurrent(generation) { lose(error) }
            return
        }
        guard isCurrent(generation), phase == .settingUp, let wire else { return }
        phase = .connected
        lastFailure = nil
        logger.info("connected", metadata: ["broker": "\(wire.server.product) \(wire.server.version)"])
        onEvent(.connected(generation: generation, server: wire.server))
        resumeWaiters { _ in .success(()) }
        resumeConsumers()
    }

    func isCurrent(_ generation: Int) -> Bool { wire != nil && self.generation == generation }

    // MARK: Keeping

    /// Reading also sends and checks heartbeats, and must happen at least every half of one.
    private func scheduleTick() {
        tickTimer = loop.schedule(after: settings.heartbeat / 3) { [weak self] in
            self?.assumeIsolated { $0.tick() }
        }
    }

    private func tick() {
        guard wire != nil else { return }
        scheduleTick()
        pump()
        guard wire != nil else { return }
        for case let channel? in channels {
            guard let since = channel.waitingSince, since.duration(to: .now) > settings.callTimeout else { continue }
            lose(AMQPError(.timedOut, channel.waitingFor ?? "", "no answer in \(settings.callTimeout)"))
            return
        }
        if publisher.confirmDelay(at: .now, isBlocked: isBlocked) > settings.confirmTimeout {
            lose(AMQPError(.timedOut, "publish", "no confirm in \(settings.confirmTimeout)"))
        }
    }

    // MARK: Losing

    /// Gives the present connection up and makes another.
    func lose(_ error: AMQPError) {
        guard wire != nil else { return }
        if phase == .closing {
            finishClosing()
            return
        }
        let wasConnected = phase == .connected
        phase = .disconnected
        lastFailure = error
        holdOffUnanswered()
        dropWire(error)
        logger.warning("connection lost", metadata: ["event": "connection_lost", "reason": "\(error)"])
        if wasConnected {
            onEvent(.lost(error))
            // One that breaks soon after each login is not tried again at once.
            if connectedSince.duration(to: .now) > settings.reconnectDelay.upperBound { backoff.reset() }
        } else if !error.isRetryable {
            resumeWaiters { _ in .failure(error) }
        }
        reconnectLater()
    }

    /// Ends whatever the present connection was to carry.
    private func dropWire(_ error: AMQPError) {
        loop.unwatch(descriptor)
        if let tickTimer { loop.cancel(tickTimer) }
        wire = nil
        isBlocked = false
        isWaitingForRoom = false
        dirtyChannels = []
        subscriptionsToFlush = []
        refusedItems = []
        isRetryingRefused = false
        let gone = channels
        channels = []
        for case let channel? in gone {
            channel.failCalls { AMQPError(error.code, $0, error.detail, replyCode: error.replyCode) }
        }
        publisher.connectionLost()
        for subscription in subscriptions.values.sorted(by: { $0.id < $1.id }) {
            subscription.channel = nil
            apply(subscription.machine.connectionLost(error), to: subscription)
        }
    }

    // MARK: Closing

    func beginClosing() {
        let wasConnected = phase == .connected
        phase = .closing
        if let reconnectTimer { loop.cancel(reconnectTimer) }
        resumeWaiters { .failure(AMQPError(.closed, $0.operation, "the connection was closed")) }
        guard wire != nil else {
            finishClosing()
            return
        }
        guard wasConnected, !publisher.isIdle else {
            takeLeave()
            return
        }
        closeTimer = loop.schedule(after: settings.closeTimeout) { [weak self] in
            self?.assumeIsolated { $0.takeLeave() }
        }
    }

    /// Nothing published waits any more.
    func publisherBecameIdle() {
        guard phase == .closing, let closeTimer else { return }
        loop.cancel(closeTimer)
        takeLeave()
    }

    private func takeLeave() {
        closeTimer = nil
        flushAcknowledgements()
        guard phase == .closing, let own = channels.first ?? nil else { return }
        loop.schedule(after: Self.farewell) { [weak self] in
            self?.assumeIsolated { $0.finishClosing() }
        }
        post(.connectionClose, on: own) { [weak self] _ in
            self?.assumeIsolated { $0.finishClosing() }
        }
    }

    private func finishClosing() {
        guard phase == .closing else { return }
        phase = .closed
        if let closeTimer { loop.cancel(closeTimer) }
        if wire != nil { dropWire(AMQPError(.closed, "close", "the connection was closed")) }
        for subscription in subscriptions.values { apply(subscription.machine.close(), to: subscription) }
        logger.info("closed")
        let waiting = closeWaiters
        closeWaiters = []
        for continuation in waiting { continuation.resume() }
    }
}
