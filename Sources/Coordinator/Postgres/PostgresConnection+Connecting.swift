import CPostgres
import EventLoop
import Glibc

extension PostgresConnection {
    /// Connects; returns at once where that is done already, and joins an attempt that is under way.
    ///
    /// The URL's hosts are tried in order, each address for `connect_timeout` seconds (10 unless the URL says
    /// otherwise, 0 for no limit). Nothing blocks the loop: names are looked up on another thread.
    ///
    /// - Throws: `.connectionFailed` in libpq's words for each address; `.invalidURL`, `.closed`.
    package func connect() async throws(PostgresError) {
        switch state {
        case .connected: return
        case .closed: throw PostgresError(.closed, "the connection was closed")
        case .connecting: try await withCheckedContinuation { connectWaiters.append($0) }.get()
        case .disconnected:
            state = .connecting
            let outcome = await establish()
            if case .connecting = state, case .failure(let error) = outcome {
                state = .disconnected(error)
            }
            for waiter in connectWaiters { waiter.resume(returning: outcome) }
            connectWaiters = []
            try outcome.get()
        }
    }

    private func establish() async -> Result<Void, PostgresError> {
        var failures: [PostgresError] = []
        do throws(PostgresError) {
            let hosts = try url.hosts
            for host in hosts.isEmpty ? [nil] : hosts.map(Optional.some) {
                switch await targets(for: host) {
                case .failure(let error): failures.append(error)
                case .success(let targets):
                    for target in targets {
                        guard case .connecting = state else { break }
                        guard let error = await shakeHands(with: target) else { return .success(()) }
                        failures.append(error)
                    }
                }
            }
        } catch {
            failures.append(error)
        }
        guard var error = failures.last else {
            return .failure(PostgresError(.connectionFailed, "the database URL names no host"))
        }
        if case .closed = state { error = PostgresError(.closed, "the connection was closed") }
        if failures.count > 1 { error.message = failures.map(\.message).joined(separator: "; ") }
        return .failure(error)
    }

    // MARK: Names

    private func targets(for host: DatabaseURL.Host?) async -> Result<[DatabaseURL.Host?], PostgresError> {
        guard let host, host.needsLookup, let name = host.name else { return .success([host]) }
        let addresses = await withCheckedContinuation { continuation in
            lookups += 1
            let number = lookups
            let timer = url.connectTimeout.map { limit in
                loop.schedule(after: limit) { [weak self] in
                    self?.assumeIsolated {
                        $0.endLookup(.failure(PostgresError(.connectionFailed, "looking up \"\(name)\" took too long")))
                    }
                }
            }
            lookup = Lookup(number: number, timer: timer, continuation: continuation)
            HostLookup.start(name) { [loop, weak self] result in
                loop.execute { [weak self] in
                    self?.assumeIsolated { if $0.lookup?.number == number { $0.endLookup(result) } }
                }
            }
        }
        return addresses.map { addresses in
            addresses.map { DatabaseURL.Host(name: name, address: $0, port: host.port) }
        }
    }

    func endLookup(_ result: Result<[String], PostgresError>) {
        guard let lookup else { return }
        self.lookup = nil
        if let timer = lookup.timer { loop.cancel(timer) }
        lookup.continuation.resume(returning: result)
    }

    // MARK: Handshake

    /// Nil once connected.
    private func shakeHands(with host: DatabaseURL.Host?) async -> PostgresError? {
        guard let handle = Self.start(url.parameters(for: host, applicationName: applicationName)) else {
            return PostgresError(.connectionFailed, "out of memory")
        }
        notices = NoticeLog(logger)
        notices.attach(to: handle)
        guard PQstatus(handle) != CONNECTION_BAD else {
            let error = PostgresError(connecting: handle)
            PQfinish(handle)
            return error
        }
        // For the SQLSTATE, which libpq tells in no other way before there is a connection.
        PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
        self.handle = handle
        return await withCheckedContinuation { continuation in
            let timer = url.connectTimeout.map { limit in
                loop.schedule(after: limit) { [weak self] in
                    self?.assumeIsolated {
                        $0.endHandshake(
                            PostgresError(
                                .connectionFailed, "connecting took longer than \(limit.components.seconds) s"))
                    }
                }
            }
            handshake = Handshake(timer: timer, continuation: continuation)
            // As if the last poll had asked to write (libpq's manual, section 34.1).
            awaitHandshake(on: handle, .writable)
        }
    }

    private static func start(_ parameters: [String: String]) -> OpaquePointer? {
        let pairs = parameters.map { (strdup($0.key), strdup($0.value)) }
        defer {
            for pair in pairs {
                free(pair.0)
                free(pair.1)
            }
        }
        let keywords = pairs.map { UnsafePointer($0.0) } + [nil]
        let values = pairs.map { UnsafePointer($0.1) } + [nil]
        return PQconnectStartParams(keywords, values, 0)
    }

    private func awaitHandshake(on handle: OpaquePointer, _ readiness: EventLoop.Readiness) {
        // Libpq may have closed the socket and opened one for another address, perhaps under the same number.
        socket = PQsocket(handle)
        loop.watch(socket, for: readiness) { [weak self] _ in
            self?.assumeIsolated { $0.continueHandshake() }
        }
    }

    private func continueHandshake() {
        guard let handle, handshake != nil else { return }
        loop.unwatch(socket)
        switch PQconnectPoll(handle) {
        case PGRES_POLLING_READING: awaitHandshake(on: handle, .readable)
        case PGRES_POLLING_WRITING: awaitHandshake(on: handle, .writable)
        case PGRES_POLLING_OK:
            let isReady = PQsetnonblocking(handle, 1) == 0 && PQenterPipelineMode(handle) == 1
            endHandshake(isReady ? nil : PostgresError(connecting: handle))
        default: endHandshake(PostgresError(connecting: handle))
        }
    }

    /// Ends the attempt that is under way, if one is; nil for success.
    func endHandshake(_ error: PostgresError?) {
        guard let handshake else { return }
        self.handshake = nil
        if let timer = handshake.timer { loop.cancel(timer) }
        if error == nil {
            state = .connected
            reset()
            watchSocket()
        } else {
            hangUp()
        }
        handshake.continuation.resume(returning: error)
    }

    private func watchSocket() {
        guard let handle else { return }
        socket = PQsocket(handle)
        loop.watch(socket, for: .readable) { [weak self] readiness in
            self?.assumeIsolated { $0.socketIsReady(readiness) }
        }
    }

    /// Gives libpq's connection back, established or not.
    func hangUp() {
        if socket >= 0 { loop.unwatch(socket) }
        socket = -1
        if let handle { PQfinish(handle) }
        handle = nil
    }
}
