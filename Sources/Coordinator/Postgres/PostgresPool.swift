package import EventLoop
package import Logging

/// Several connections to one database, on one event loop's thread, made when they are first needed.
///
/// A shared call goes to the connection with the fewest calls under way, behind those. A lost connection is made anew
/// when the next call comes, after a growing pause (0.05 to 2 s) while the server cannot be reached: calls then wait
/// for the next attempt and fail with its error. No statement is ever sent twice by the pool itself.
package actor PostgresPool {
    private enum Request {
        case shared(Work, TimerID?)
        case exclusive(CheckedContinuation<Result<Int, PostgresError>, Never>)
    }

    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private nonisolated let loop: EventLoop
    private nonisolated let loopOwner: LoopOwner
    private nonisolated let connections: [PostgresConnection]
    private var machine: PoolStateMachine
    private var requests: [UInt64: Request] = [:]
    private var lastRequest: UInt64 = 0
    private var tickets: [Ticket: UInt64] = [:]
    private var lastError = PostgresError(.connectionFailed, "not connected yet")

    /// - Parameter size: how many connections at most; at least two where `withConnection` is used beside other calls.
    package init(
        url: DatabaseURL, size: Int, applicationName: String, loop: EventLoop? = nil, logger: Logger
    ) {
        let owner = LoopOwner(loop)
        loopOwner = owner
        self.loop = owner.loop
        connections = (0..<max(1, size)).map { _ in
            PostgresConnection(url: url, applicationName: applicationName, loop: owner, logger: logger)
        }
        machine = PoolStateMachine(size: size)
        for (slot, connection) in connections.enumerated() {
            owner.loop.execute { [weak self] in
                connection.assumeIsolated { connection in
                    connection.onLoss = { [weak self] error in
                        self?.assumeIsolated { $0.lost(slot, error) }
                    }
                }
            }
        }
    }

    isolated deinit {
        for connection in connections { connection.assumeIsolated { $0.close() } }
    }

    /// One transaction in one round trip; see `PostgresConnection.transact`.
    ///
    /// - Parameter timeout: includes the wait for a connection.
    @discardableResult
    package nonisolated(nonsending) func transact(
        _ statements: [Statement], timeout: Duration? = nil
    ) async throws(PostgresError) -> [Rows] {
        let encoded = try EncodedStatements(statements)
        let deadline = timeout.map { ContinuousClock.now.advanced(by: $0) }
        return try await outcome(encoded, deadline).get()
    }

    /// The same on a connection that no other call waits behind: for what takes longer than those may wait.
    ///
    /// - Parameter timeout: does not include the wait for a connection.
    @discardableResult
    package nonisolated(nonsending) func transactAlone(
        _ statements: [Statement], timeout: Duration
    ) async throws(PostgresError) -> [Rows] {
        let slot = try await reserve()
        defer { loop.execute { self.assumeIsolated { $0.release(slot) } } }
        return try await connections[slot].transact(statements, timeout: timeout)
    }

    /// One statement in a transaction of its own; see `PostgresConnection.transact`.
    @discardableResult
    package nonisolated(nonsending) func run(
        _ statement: Statement, timeout: Duration? = nil
    ) async throws(PostgresError) -> Rows {
        try PostgresConnection.only(try await transact([statement], timeout: timeout))
    }

    /// SQL text of several statements; see `PostgresConnection.execute`.
    package nonisolated(nonsending) func execute(script: String) async throws {
        try await withConnection { try await $0.execute(script: script) }
    }

    /// See `PostgresConnection.withTransaction`.
    @discardableResult
    package nonisolated(nonsending) func withTransaction<Value>(
        begin: String = "begin", _ body: (PostgresTransaction) async throws -> Value
    ) async throws -> Value {
        try await withConnection { try await $0.withTransaction(begin: begin, body) }
    }

    /// See `PostgresConnection.stream`.
    package nonisolated(nonsending) func stream(
        _ statement: Statement, chunkBytes: Int = 1 << 20, _ body: (Rows) async throws -> Void
    ) async throws {
        try await withConnection { try await $0.stream(statement, chunkBytes: chunkBytes, body) }
    }

    /// Gives `body` a connection that no new call is sent to meanwhile; what it sets for the session it must set back.
    ///
    /// All but one connection may be given away so (the one of a pool of one, too: then all others wait). A body that
    /// asks for a second one may wait for ever.
    ///
    /// - Throws: what `body` throws; `.cancelled` when the task was cancelled while it waited; `.connectionFailed`.
    @discardableResult
    package nonisolated(nonsending) func withConnection<Value>(
        _ body: (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        let slot = try await reserve()
        defer { loop.execute { self.assumeIsolated { $0.release(slot) } } }
        return try await body(connections[slot])
    }

    /// Refuses new calls, lets those under way end for at most `grace`, and hangs up.
    package func close(grace: Duration = .seconds(5)) async {
        machine.close()
        drive()
        await withTaskGroup(of: Void.self) { group in
            for connection in connections {
                group.addTask {
                    // Answered once all before it are.
                    _ = try? await connection.transact([], timeout: grace)
                    await connection.close()
                }
            }
        }
    }

    // MARK: On the loop

    /// Names a wait for a connection of one's own; its task may be cancelled at any moment.
    ///
    /// SAFETY: `isCancelled` is touched on the pool's loop only.
    private final class Ticket: @unchecked Sendable, Hashable {
        var isCancelled = false
        static func == (left: Ticket, right: Ticket) -> Bool { left === right }
        func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
    }

    private nonisolated(nonsending) func reserve() async throws(PostgresError) -> Int {
        let ticket = Ticket()
        let result = await withTaskCancellationHandler {
            await reserve(ticket)
        } onCancel: {
            loop.execute { self.assumeIsolated { $0.cancel(ticket) } }
        }
        return try result.get()
    }

    private func reserve(_ ticket: Ticket) async -> Result<Int, PostgresError> {
        if ticket.isCancelled { return .failure(Self.cancelled) }
        return await withCheckedContinuation { continuation in
            lastRequest += 1
            requests[lastRequest] = .exclusive(continuation)
            tickets[ticket] = lastRequest
            machine.acquire(lastRequest, .exclusive)
            drive()
        }
    }

    private func cancel(_ ticket: Ticket) {
        ticket.isCancelled = true
        guard let id = tickets.removeValue(forKey: ticket) else { return }
        machine.withdraw(id)
        end(id, Self.cancelled)
    }

    private static var cancelled: PostgresError {
        PostgresError(.cancelled, "the task was cancelled while it waited for a connection")
    }

    private func release(_ slot: Int) {
        machine.released(slot: slot)
        drive()
    }

    private func outcome(
        _ statements: EncodedStatements, _ deadline: ContinuousClock.Instant?
    ) async -> Result<[Rows], PostgresError> {
        await withCheckedContinuation { reply in
            submit(Work(kind: .statements(statements), deadline: deadline, reply: reply))
        }
    }

    private func submit(_ work: Work) {
        lastRequest += 1
        let id = lastRequest
        requests[id] = .shared(work, nil)
        machine.acquire(id, .shared)
        drive()
        guard let deadline = work.deadline, requests[id] != nil else { return }
        let timer = loop.schedule(after: ContinuousClock.now.duration(to: deadline)) { [weak self] in
            self?.assumeIsolated {
                $0.machine.withdraw(id)
                $0.end(id, PostgresError(.timeout, "no connection within the caller's time limit"))
            }
        }
        requests[id] = .shared(work, timer)
    }

    private func lost(_ slot: Int, _ error: PostgresError) {
        lastError = error
        machine.lost(slot: slot)
        drive()
    }

    private func connectEnded(_ slot: Int, _ error: PostgresError?) {
        if let error { lastError = error }
        // It may have been lost again before this was heard; `lost` has set the error then.
        if error == nil, connections[slot].assumeIsolated({ $0.isConnected }) {
            machine.connected(slot: slot)
        } else {
            machine.failed(slot: slot, now: .now)
        }
        drive()
    }

    private func drive() {
        while let action = machine.next(now: .now, load: { slot in connections[slot].assumeIsolated { $0.load } }) {
            switch action {
            case .assign(let id, let slot): assign(id, slot)
            case .fail(let id):
                end(id, machine.isClosed ? PostgresError(.closed, "the connection pool was closed") : lastError)
            case .wake(let moment):
                loop.schedule(after: ContinuousClock.now.duration(to: moment)) { [weak self] in
                    self?.assumeIsolated { $0.drive() }
                }
            case .connect(let slot):
                Task { [weak self, connection = connections[slot]] in
                    var failure: PostgresError?
                    do throws(PostgresError) { try await connection.connect() } catch { failure = error }
                    await self?.connectEnded(slot, failure)
                }
            }
        }
    }

    private func assign(_ id: UInt64, _ slot: Int) {
        switch requests.removeValue(forKey: id) {
        case .shared(let work, let timer):
            if let timer { loop.cancel(timer) }
            connections[slot].assumeIsolated { $0.enqueue(work) }
        case .exclusive(let continuation):
            forgetTicket(id)
            continuation.resume(returning: .success(slot))
        case nil: break
        }
    }

    private func end(_ id: UInt64, _ error: PostgresError) {
        switch requests.removeValue(forKey: id) {
        case .shared(let work, let timer):
            if let timer { loop.cancel(timer) }
            work.end(.failure(error))
        case .exclusive(let continuation):
            forgetTicket(id)
            continuation.resume(returning: .failure(error))
        case nil: break
        }
    }

    private func forgetTicket(_ id: UInt64) {
        if let ticket = tickets.first(where: { $0.value == id })?.key { tickets[ticket] = nil }
    }
}
