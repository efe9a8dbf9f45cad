import CCurl
package import EventLoop

/// Thousands of HTTP requests at once on one thread: libcurl on an event loop.
///
/// It belongs to its loop's thread, which every call checks, so an actor on that loop can own one. Connections are
/// kept and used again, certificates are verified, redirects are not followed, and HTTP/1.1 is spoken unless the
/// settings say otherwise. A request on a kept connection that the server had just closed is sent again by libcurl on
/// a new one, if nothing of a reply had come.
///
/// It lives until `shutdown`, which must be called.
package final class HTTPClient {
    /// Called once, on the loop's thread, never inside `start` or `cancel`.
    package typealias Completion = (Result<HTTPResponse, HTTPError>) -> Void

    /// How many requests wait for a reply.
    package var inFlight: Int {
        loop.preconditionOnLoop()
        return running.count
    }

    private let loop: EventLoop
    private let settings: Settings
    private let plainHeaders: HTTPHeaders
    private var lanes: [HTTPLane] = []
    private var running: [HTTPRequestID: HTTPTransfer] = [:]
    private var lastNumber: UInt64 = 0
    private var isShutDown = false
    private var later: [() -> Void] = []
    private var idleTimer: TimerID?

    /// A multi handle finds a free connection by walking over its connections: at 1024 in one, that costs as much as
    /// the rest of a request. Lanes fill up in their order, so that few requests share few connections.
    private static let requestsPerLane = 128

    package init(loop: EventLoop, settings: Settings = Settings()) throws(HTTPError) {
        loop.preconditionOnLoop()
        guard Self.libraryStatus == CURLE_OK else {
            throw HTTPError(Self.libraryStatus, detail: "libcurl cannot start", wasSent: false)
        }
        self.loop = loop
        self.settings = settings
        plainHeaders = try HTTPHeaders([])
    }

    private static let libraryStatus = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    /// Sends a request. Errors of every kind, a bad URL too, come by the completion.
    @discardableResult
    package func start(_ request: HTTPRequest, _ completion: @escaping Completion) -> HTTPRequestID {
        loop.preconditionOnLoop()
        lastNumber += 1
        let id = HTTPRequestID(number: lastNumber)
        guard !isShutDown else {
            complete(completion, .failure(HTTPError(code: .cancelled, detail: "the client is shut down")))
            return id
        }
        guard let lane = freeLane(), let transfer = lane.takeTransfer() else {
            complete(completion, .failure(HTTPError(CURLE_OUT_OF_MEMORY, detail: "", wasSent: false)))
            return id
        }
        let prepared = transfer.prepare(request, id: id, completion: completion)
        guard prepared == CURLE_OK, lane.add(transfer) == CURLM_OK else {
            let (completion, outcome) = transfer.finish(prepared == CURLE_OK ? CURLE_FAILED_INIT : prepared)
            lane.giveBack(transfer)
            if let completion { complete(completion, outcome) }
            return id
        }
        running[id] = transfer
        return id
    }

    /// Ends a request with `.cancelled` and closes its connection, so that the server can stop. Ignored when it is
    /// over.
    package func cancel(_ id: HTTPRequestID) {
        loop.preconditionOnLoop()
        guard let completion = takeBack(id) else { return }
        complete(completion, .failure(HTTPError(code: .cancelled, detail: "cancelled")))
    }

    /// Ends every request with `.cancelled`, its completion called before this returns, and closes all connections.
    /// A second call does nothing.
    package func shutdown() {
        loop.preconditionOnLoop()
        guard !isShutDown else { return }
        isShutDown = true
        let completions = running.keys.sorted { $0.number < $1.number }.compactMap { takeBack($0) }
        for lane in lanes { lane.close() }
        lanes = []
        if let idleTimer { loop.cancel(idleTimer) }
        for completion in completions {
            completion(.failure(HTTPError(code: .cancelled, detail: "the client is shut down")))
        }
    }

    private func freeLane() -> HTTPLane? {
        if let lane = lanes.first(where: { $0.inFlight < Self.requestsPerLane }) { return lane }
        // The closure keeps the client alive until `shutdown` lets go of the lanes.
        let lane = HTTPLane(loop: loop, settings: settings, plainHeaders: plainHeaders) { [self] transfer, result in
            running[transfer.id] = nil
            let (completion, outcome) = transfer.finish(result)
            transfer.lane.giveBack(transfer)
            completion?(outcome)
        }
        if let lane { lanes.append(lane) }
        watchIdleLanes()
        return lane
    }

    /// Closes the lanes that were not used for a while. libcurl looks for connections that are too old, or that the
    /// server closed, only when it makes a new one: a lane that is needed no more would keep them for ever.
    private func watchIdleLanes() {
        guard idleTimer == nil, !lanes.isEmpty else { return }
        idleTimer = loop.schedule(after: settings.idleConnectionLifetime) { [weak self] in
            guard let self, !isShutDown else { return }
            idleTimer = nil
            let latest = ContinuousClock.now - settings.idleConnectionLifetime
            let isIdle = { (lane: HTTPLane) in lane.inFlight == 0 && lane.lastUsed <= latest }
            for lane in lanes where isIdle(lane) { lane.close() }
            lanes.removeAll(where: isIdle)
            watchIdleLanes()
        }
    }

    private func takeBack(_ id: HTTPRequestID) -> Completion? {
        guard let transfer = running.removeValue(forKey: id) else { return nil }
        transfer.lane.remove(transfer)
        let completion = transfer.release()
        transfer.lane.giveBack(transfer)
        return completion
    }

    /// Calls a completion in a later turn of the loop, all those of this turn together.
    private func complete(_ completion: @escaping Completion, _ outcome: Result<HTTPResponse, HTTPError>) {
        later.append { completion(outcome) }
        guard later.count == 1 else { return }
        loop.schedule(after: .zero) { [self] in
            let now = later
            later = []
            for call in now { call() }
        }
    }
}
