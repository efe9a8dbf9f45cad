import EventLoop

@testable import HTTP

/// Owns a client, as a worker's actor would.
actor ClientOwner {
    let loop = EventLoop(name: "http-test")
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    private var client: HTTPClient?
    private(set) var outcomes: [Result<HTTPResponse, HTTPError>] = []
    private var isInsideCall = false
    private(set) var calledInside = 0

    func open(_ settings: HTTPClient.Settings = HTTPClient.Settings()) throws {
        client = try HTTPClient(loop: loop, settings: settings)
    }

    /// Starts requests and lets `between` act on them before the loop runs on; returns when all completions were
    /// called.
    func run(
        _ requests: [HTTPRequest], between: @Sendable ([HTTPRequestID]) async -> Void = { _ in }
    ) async -> [Result<HTTPResponse, HTTPError>] {
        guard let client else { return [] }
        outcomes = []
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        var ids: [HTTPRequestID] = []
        for request in requests {
            isInsideCall = true
            ids.append(
                client.start(request) { [self] outcome in
                    assumeIsolated { owner in
                        owner.outcomes.append(outcome)
                        if owner.isInsideCall { owner.calledInside += 1 }
                    }
                    continuation.yield()
                })
            isInsideCall = false
        }
        await between(ids)
        var called = 0
        if called < requests.count {
            for await _ in stream {
                called += 1
                if called == requests.count { break }
            }
        }
        return outcomes
    }

    func cancel(_ ids: [HTTPRequestID]) {
        isInsideCall = true
        for id in ids { client?.cancel(id) }
        isInsideCall = false
    }

    /// As many outcomes as there are, once `count` more turns of the loop went by.
    func outcomeCount(afterTurns count: Int) async -> Int {
        for _ in 0..<count {
            await withCheckedContinuation { continuation in loop.schedule(after: .zero) { continuation.resume() } }
        }
        return outcomes.count
    }

    var inFlight: Int { client?.inFlight ?? 0 }

    func shutdown() { client?.shutdown() }

    func close() {
        client?.shutdown()
        client = nil
        loop.stop()
    }
}

extension Result where Success == HTTPResponse, Failure == HTTPError {
    var code: HTTPError.Code? {
        if case .failure(let error) = self { error.code } else { nil }
    }

    var status: Int? {
        if case .success(let response) = self { response.status } else { nil }
    }
}
