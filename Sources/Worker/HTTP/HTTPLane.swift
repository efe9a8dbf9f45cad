import CCurl
import EventLoop
import Glibc

/// One libcurl multi handle on the loop: its connections, its timer, and its pool of easy handles.
///
/// libcurl looks for a free connection by walking over all those to the host, busy ones included. A client
/// therefore has several lanes, each with a bounded number of requests (see `HTTPClient`).
final class HTTPLane {
    /// A connection's socket, from the moment libcurl opens it until it closes it.
    ///
    /// libcurl stops watching a connection after each reply and watches it again for the next request, two system
    /// calls for nothing. So the watch stays on and only `isIdle` changes; the rare event on an idle connection (the
    /// server closes it) ends the watch.
    private final class Connection {
        var isWatched = false
        var isIdle = true
    }

    let keptResponseHeaders: [String]
    let plainHeaders: HTTPHeaders
    private(set) var inFlight = 0
    /// When its last request ended.
    private(set) var lastUsed = ContinuousClock.now

    private let loop: EventLoop
    private let settings: HTTPClient.Settings
    private let ended: (HTTPTransfer, CURLcode) -> Void
    private var multi: UnsafeMutableRawPointer?
    private var connections: [Int32: Connection] = [:]
    private var idleTransfers: [HTTPTransfer] = []
    private var timer: TimerID?
    private var timerDue: ContinuousClock.Instant?
    private var wantedDue: ContinuousClock.Instant?

    /// - Parameter ended: called on the loop's thread, never inside `add` or `remove`; the transfer has left the lane.
    init?(
        loop: EventLoop, settings: HTTPClient.Settings, plainHeaders: HTTPHeaders,
        ended: @escaping (HTTPTransfer, CURLcode) -> Void
    ) {
        guard let multi = curl_multi_init() else { return nil }
        self.loop = loop
        self.settings = settings
        self.plainHeaders = plainHeaders
        self.ended = ended
        self.multi = multi
        keptResponseHeaders = settings.keptResponseHeaders
        let context = Unmanaged.passUnretained(self).toOpaque()
        _ = tessera_curl_multi_set_callbacks(multi, Self.watchSocket, Self.setTimer, context)
        // Without a number, libcurl sizes the cache by the handles of the moment and closes what it will soon miss.
        _ = tessera_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, settings.maximumConnections)
        let multiplexing = settings.allowsHTTP2 ? CURLPIPE_MULTIPLEX : CURLPIPE_NOTHING
        _ = tessera_curl_multi_set_long(multi, CURLMOPT_PIPELINING, multiplexing)
    }

    // MARK: Transfers

    /// A handle of this lane, carrying nothing.
    func takeTransfer() -> HTTPTransfer? {
        idleTransfers.popLast() ?? HTTPTransfer(lane: self, settings: settings)
    }

    /// Gives back a handle that is not in the lane any more.
    func giveBack(_ transfer: HTTPTransfer) {
        guard multi != nil, idleTransfers.count < settings.maximumIdleHandles else { return }
        idleTransfers.append(transfer)
    }

    func add(_ transfer: HTTPTransfer) -> CURLMcode {
        let result = curl_multi_add_handle(multi, transfer.easy)
        if result == CURLM_OK { inFlight += 1 }
        return result
    }

    func remove(_ transfer: HTTPTransfer) {
        curl_multi_remove_handle(multi, transfer.easy)
        inFlight -= 1
        if inFlight == 0 { lastUsed = .now }
    }

    /// Closes every connection. All transfers were removed before.
    func close() {
        precondition(inFlight == 0, "an HTTP lane is closed with transfers in it")
        idleTransfers.removeAll()
        if let timer { loop.cancel(timer) }
        timer = nil
        curl_multi_cleanup(multi)
        multi = nil
    }

    private func act(on socket: Int32, _ events: Int32) {
        var running: Int32 = 0
        curl_multi_socket_action(multi, socket, events, &running)
        reportEnded()
    }

    private func reportEnded() {
        var left: Int32 = 0
        // What `ended` calls may close the lane.
        while multi != nil, let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            let result = message.pointee.data.result
            var context: UnsafeMutableRawPointer?
            _ = tessera_curl_get_pointer(easy, CURLINFO_PRIVATE, &context)
            guard let context else { continue }
            let transfer = Unmanaged<HTTPTransfer>.fromOpaque(context).takeUnretainedValue()
            remove(transfer)
            ended(transfer, result)
        }
    }

    // MARK: Sockets

    /// Makes the handle's connections tell this lane when they open and close.
    func adopt(_ easy: UnsafeMutableRawPointer) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        _ = tessera_curl_set_sockets(easy, Self.openSocket, Self.closeSocket, context)
    }

    private static let openSocket: tessera_curl_open_socket = { context, _, address in
        guard let context, let address else { return CURL_SOCKET_BAD }
        let lane = Unmanaged<HTTPLane>.fromOpaque(context).takeUnretainedValue()
        let kind = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
        let socket = Glibc.socket(address.pointee.family, kind, address.pointee.protocol)
        if socket >= 0 { lane.connections[socket] = Connection() }
        return socket
    }

    private static let closeSocket: tessera_curl_close_socket = { context, socket in
        guard let context else { return Glibc.close(socket) }
        let lane = Unmanaged<HTTPLane>.fromOpaque(context).takeUnretainedValue()
        if let connection = lane.connections.removeValue(forKey: socket), connection.isWatched {
            lane.loop.unwatch(socket)
        }
        return Glibc.close(socket)
    }

    private static let watchSocket: tessera_curl_socket = { _, socket, what, context, _ in
        guard let context else { return 0 }
        Unmanaged<HTTPLane>.fromOpaque(context).takeUnretainedValue().watch(socket, what)
        return 0
    }

    private func watch(_ socket: Int32, _ what: Int32) {
        guard let connection = connections[socket] else { return watchForeign(socket, what) }
        if what == CURL_POLL_REMOVE {
            connection.isIdle = true
            return
        }
        connection.isIdle = false
        if connection.isWatched { return loop.rewatch(socket, for: Self.interest(what)) }
        connection.isWatched = true
        loop.watch(socket, for: Self.interest(what)) { [unowned self, unowned connection] readiness in
            guard connection.isIdle else { return act(on: socket, Self.events(readiness)) }
            connection.isWatched = false
            loop.unwatch(socket)
        }
    }

    /// A descriptor that libcurl made by itself (its resolver's): it may be closed any time after REMOVE.
    private func watchForeign(_ socket: Int32, _ what: Int32) {
        if what == CURL_POLL_REMOVE { return loop.unwatch(socket) }
        loop.watch(socket, for: Self.interest(what)) { [unowned self] readiness in
            act(on: socket, Self.events(readiness))
        }
    }

    private static func interest(_ what: Int32) -> EventLoop.Readiness {
        switch what {
        case CURL_POLL_IN: .readable
        case CURL_POLL_OUT: .writable
        default: [.readable, .writable]
        }
    }

    private static func events(_ readiness: EventLoop.Readiness) -> Int32 {
        var events: Int32 = 0
        if readiness.contains(.readable) { events |= CURL_CSELECT_IN }
        if readiness.contains(.writable) { events |= CURL_CSELECT_OUT }
        if !readiness.isDisjoint(with: .hangup) { events |= CURL_CSELECT_ERR }
        return events
    }

    // MARK: Timer

    private static let setTimer: tessera_curl_timer = { _, milliseconds, context in
        guard let context else { return 0 }
        Unmanaged<HTTPLane>.fromOpaque(context).takeUnretainedValue().wantTimer(milliseconds)
        return 0
    }

    /// libcurl changes its mind for every request: a timer that is set stays, and looks again when it fires.
    private func wantTimer(_ milliseconds: Int) {
        guard milliseconds >= 0 else {
            wantedDue = nil
            return
        }
        let due = ContinuousClock.now.advanced(by: .milliseconds(milliseconds))
        wantedDue = due
        if let timerDue, timerDue <= due { return }
        if let timer { loop.cancel(timer) }
        schedule(due)
    }

    private func schedule(_ due: ContinuousClock.Instant) {
        timerDue = due
        timer = loop.schedule(after: ContinuousClock.now.duration(to: due)) { [weak self] in
            // Timers that are due together are taken together: an earlier one may have closed this lane.
            guard let self, multi != nil else { return }
            timer = nil
            timerDue = nil
            guard let wantedDue else { return }
            if ContinuousClock.now < wantedDue { return schedule(wantedDue) }
            self.wantedDue = nil
            act(on: CURL_SOCKET_TIMEOUT, 0)
        }
    }
}
