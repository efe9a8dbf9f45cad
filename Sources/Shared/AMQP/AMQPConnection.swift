import EventLoop
package import Logging

/// A connection to a RabbitMQ broker that comes back by itself.
///
/// It runs on a thread of its own. Once started it connects for ever: after a loss it waits a little (0.1 s to 5 s),
/// logs in again, declares again what was declared, and consumes again what was consumed. Heartbeats are kept without
/// anybody's doing. Under a memory or disk alarm the broker stops reading from a connection that publishes, so whoever
/// does both uses two.
///
/// What `onEvent` and the other callbacks are given is called on the connection's thread, in order: they must not
/// block. After ``close()`` every call answers at once with `.closed` or ``PublishOutcome/lost``. One that is dropped
/// without being closed disconnects.
package actor AMQPConnection {
    /// Who brings a connection from one to the next: `start`, an attempt that succeeds, its set-up, a loss, `close`.
    enum Phase {
        case idle
        case disconnected
        case settingUp
        case connected
        case closing
        case closed
    }

    struct Waiter {
        let operation: String
        let timer: TimerID
        let continuation: CheckedContinuation<Result<Void, AMQPError>, Never>
    }

    package nonisolated let name: String
    nonisolated let loop: EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    let url: BrokerURL
    let settings: Settings
    let logger: Logger
    let onEvent: @Sendable (ConnectionEvent) -> Void

    var phase = Phase.idle
    var generation = 0
    var wire: Wire?
    var descriptor: Int32 = -1
    var connectedSince = ContinuousClock.Instant.now
    var backoff: Backoff
    /// Why the last attempt failed; nil while connected.
    var lastFailure: AMQPError?
    var reconnectTimer: TimerID?
    var tickTimer: TimerID?
    var closeTimer: TimerID?
    var waiters: [UInt64: Waiter] = [:]
    var closeWaiters: [CheckedContinuation<Void, Never>] = []
    /// Names waiters, subscriptions and channel sessions.
    var lastID: UInt64 = 0

    /// By number; channel 0 is the connection's own.
    var channels: [Channel?] = []
    /// Channels with deliveries to hand on.
    var dirtyChannels: [Channel] = []
    var isPumpScheduled = false
    var isBlocked = false
    var isWaitingForRoom = false

    var topology = Topology()
    /// What could not be declared again on this connection, and is tried now and then.
    var refusedItems: Set<Topology.Item> = []
    var isRetryingRefused = false
    var refusedBackoff: Backoff
    var publisher = Publisher()
    var onReplies: (@Sendable ([Delivery]) -> Void)?
    var subscriptions: [UInt64: Subscription] = [:]
    var subscriptionsToFlush: [Subscription] = []

    /// - Parameter name: shown by the broker as the connection's name, and in the log.
    package init(
        url: BrokerURL, name: String, settings: Settings = .default, logger: Logger,
        onEvent: @escaping @Sendable (ConnectionEvent) -> Void
    ) {
        self.url = url
        self.name = name
        self.settings = settings
        self.onEvent = onEvent
        var logger = logger
        logger[metadataKey: "connection"] = "\(name)"
        self.logger = logger
        backoff = Backoff(settings.reconnectDelay)
        refusedBackoff = Backoff(settings.reconnectDelay)
        loop = EventLoop(name: "amqp-\(name)")
    }

    deinit {
        let wire = wire
        let descriptor = descriptor
        let loop = loop
        loop.execute {
            if wire != nil { loop.unwatch(descriptor) }
        }
        loop.stop()
    }

    /// Begins to connect; a second call does nothing.
    package nonisolated func start() {
        loop.execute { [weak self] in
            self?.assumeIsolated { $0.begin() }
        }
    }

    /// Returns once the connection is up and its topology declared; at once when it is.
    ///
    /// - Throws: `.notConnected` after `timeout`, with the last attempt's failure; that failure itself as soon as an
    ///   attempt fails in a way that waiting will not mend (password, virtual host, certificate); `.closed`. The
    ///   connection goes on trying in each case but the last.
    package func waitUntilConnected(timeout: Duration) async throws(AMQPError) {
        try await awaitConnection("connect to \(url)", within: timeout)
    }

    /// Ends the connection: waits up to `closeTimeout` for outstanding confirms, takes leave of the broker, and gives
    /// every consumer its `lost`. A second call waits for the first.
    package func close() async {
        guard phase != .closed else { return }
        await withCheckedContinuation { continuation in
            closeWaiters.append(continuation)
            if phase != .closing { beginClosing() }
        }
    }

    /// What the broker of the present connection says about itself; nil while there is none.
    package var server: ServerProperties? { wire?.server }

    func newID() -> UInt64 {
        lastID += 1
        return lastID
    }

    func awaitConnection(_ operation: String, within timeout: Duration) async throws(AMQPError) {
        switch phase {
        case .connected: return
        case .closing, .closed: throw AMQPError(.closed, operation, "the connection was closed")
        case .idle, .disconnected, .settingUp: break
        }
        let id = newID()
        let result = await withCheckedContinuation { continuation in
            let timer = loop.schedule(after: timeout) { [weak self] in
                self?.assumeIsolated { $0.waiterTimedOut(id) }
            }
            waiters[id] = Waiter(operation: operation, timer: timer, continuation: continuation)
        }
        try result.get()
    }

    private func waiterTimedOut(_ id: UInt64) {
        guard let waiter = waiters.removeValue(forKey: id) else { return }
        let detail = lastFailure.map { "\($0)" } ?? "no connection yet"
        waiter.continuation.resume(returning: .failure(AMQPError(.notConnected, waiter.operation, detail)))
    }

    func resumeWaiters(_ result: (Waiter) -> Result<Void, AMQPError>) {
        let resumed = waiters
        waiters = [:]
        for waiter in resumed.values {
            loop.cancel(waiter.timer)
            waiter.continuation.resume(returning: result(waiter))
        }
    }
}
