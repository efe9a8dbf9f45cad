import EventLoop

/// A fake inference server with OpenAI's API: it answers at once, or as slowly and as badly as it is told to.
///
/// It listens from the moment it is made until `stop`, kept or not. Replies are pure functions of the request and the
/// settings; see `SimulatorSettings`. One thread serves it all.
package actor InferenceSimulator {
    package nonisolated let port: Int
    /// Such as `http://127.0.0.1:8000/v1`: what a provider's `endpoint` is set to.
    package nonisolated let endpoint: String
    /// What the `endpoint` of a provider of type http is set to.
    package nonisolated let rowsEndpoint: String

    private nonisolated let loop: EventLoop
    private var server: Server?
    private var waiters: [(condition: @Sendable (SimulatorStatistics) -> Bool, CheckedContinuation<Void, Never>)] = []

    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    /// - Throws: `.cannotListen`.
    package init(_ settings: SimulatorSettings = SimulatorSettings()) throws(SimulatorError) {
        let listener = try Listener(host: settings.host, port: settings.port)
        port = listener.port
        let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
        endpoint = "http://\(host):\(listener.port)/v1"
        rowsEndpoint = "http://\(host):\(listener.port)/rows"
        loop = EventLoop(name: "simulator")
        // Before any call: the loop does things in order.
        loop.execute { self.assumeIsolated { $0.start(listener, settings) } }
    }

    private func start(_ listener: Listener, _ settings: SimulatorSettings) {
        let server = Server(listener: listener, settings: settings, loop: loop)
        server.service.changed = { [weak self] in self?.assumeIsolated { $0.resumeWaiters() } }
        server.start()
        self.server = server
    }

    /// Closes every connection and ends the thread. A second call does nothing; nothing else may be called after it.
    package func stop() {
        guard let server else { return }
        server.stop()
        self.server = nil
        for (_, continuation) in waiters { continuation.resume() }
        waiters = []
        loop.stop()
    }

    package var settings: SimulatorSettings { server?.service.settings ?? SimulatorSettings() }

    package var statistics: SimulatorStatistics { server?.service.statistics ?? SimulatorStatistics() }

    /// Changes how it behaves from now on; what is in service or already decided goes on as it is.
    package func configure(_ change: @Sendable (inout SimulatorSettings) -> Void) {
        var settings = settings
        change(&settings)
        server?.service.configure(settings)
    }

    /// Forgets what was counted, tried and logged; calls in service go on.
    package func reset() { server?.service.reset() }

    /// Returns as soon as the statistics meet the condition, or at `stop`.
    package func wait(until condition: @escaping @Sendable (SimulatorStatistics) -> Bool) async {
        if condition(statistics) { return }
        await withCheckedContinuation { waiters.append((condition, $0)) }
    }

    private func resumeWaiters() {
        guard !waiters.isEmpty else { return }
        let statistics = statistics
        waiters.removeAll { condition, continuation in
            guard condition(statistics) else { return false }
            continuation.resume()
            return true
        }
    }
}
