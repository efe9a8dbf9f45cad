import EventLoop

/// An HTTP client for `await`, on a loop of its own. For health checks and tests: each call costs two hops between
/// threads.
package actor HTTPSession {
    private let loop: EventLoop
    private let settings: HTTPClient.Settings
    private var client: HTTPClient?
    private var running: [UInt64: HTTPRequestID] = [:]
    private var lastSend: UInt64 = 0

    nonisolated package var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    package init(settings: HTTPClient.Settings = HTTPClient.Settings()) {
        loop = EventLoop(name: "http-session")
        self.settings = settings
    }

    isolated deinit {
        client?.shutdown()
        loop.stop()
    }

    /// Sends a request and waits for its reply. Cancelling the task ends it with `.cancelled`.
    package func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let client = try openClient()
        lastSend += 1
        let send = lastSend
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                running[send] = client.start(request) { outcome in continuation.resume(returning: outcome) }
            }
        } onCancel: {
            // Runs after `start`, which is on the loop already.
            loop.execute { self.assumeIsolated { $0.cancel(send) } }
        }
        running[send] = nil
        return try outcome.get()
    }

    private func openClient() throws(HTTPError) -> HTTPClient {
        if let client { return client }
        let opened = try HTTPClient(loop: loop, settings: settings)
        client = opened
        return opened
    }

    private func cancel(_ send: UInt64) {
        if let id = running[send] { client?.cancel(id) }
    }
}
