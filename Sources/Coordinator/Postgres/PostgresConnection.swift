import CPostgres
import DequeModule
package import EventLoop
package import Logging

/// One connection to PostgreSQL, in libpq's pipeline mode, on the thread of an event loop.
///
/// Calls may overlap: each transaction is sent at once behind those before it, and answered in that order. A call ends
/// by its outcome alone; cancelling its task does not take back what was sent. A connection that ends is noticed at
/// once, one whose peer has vanished within 20 s; a server that is frozen only by a call's own `timeout`. After
/// `connectionLost` every call fails until `connect` is called again (a `PostgresPool` does so by itself).
package actor PostgresConnection {
    enum State {
        /// With the reason, which calls are given.
        case disconnected(PostgresError)
        case connecting
        case connected
        case closed
    }

    /// An attempt to connect that is under way.
    struct Handshake {
        let timer: TimerID?
        let continuation: CheckedContinuation<PostgresError?, Never>
    }

    struct Lookup {
        let number: UInt64
        let timer: TimerID?
        let continuation: CheckedContinuation<Result<[String], PostgresError>, Never>
    }

    struct Script {
        let id: UInt64
        var error: PostgresError?
    }

    package nonisolated let url: DatabaseURL
    package nonisolated let applicationName: String
    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    nonisolated let loop: EventLoop
    private nonisolated let loopOwner: LoopOwner
    nonisolated let logger: Logger

    var state = State.disconnected(PostgresError(.connectionFailed, "not connected yet"))
    var handle: OpaquePointer?
    /// The one that is watched. Libpq forgets its number when it closes it.
    var socket: Int32 = -1
    var notices: NoticeLog
    var handshake: Handshake?
    var lookup: Lookup?
    var lookups: UInt64 = 0
    var connectWaiters: [CheckedContinuation<Result<Void, PostgresError>, Never>] = []

    /// What has not been sent yet, and the same of the session that has the connection for itself.
    var waiting: Deque<(id: UInt64, work: Work)> = []
    var sessionWaiting: Deque<(id: UInt64, work: Work)> = []
    var session: Work.Session?
    /// What has been sent, by the id of its transaction in the pipeline.
    var sent: [UInt64: Work] = [:]
    var pipeline = PipelineStateMachine<Rows>()
    var prepared: PreparedStatements
    var script: Script?
    var isFlushPending = false
    var lastID: UInt64 = 0
    var timers: [UInt64: TimerID] = [:]

    var listeners: [String: [UInt64: AsyncStream<PostgresNotification>.Continuation]] = [:]
    /// Called on the loop's thread when an established connection ends, except by `close`.
    var onLoss: (@Sendable (PostgresError) -> Void)?

    private let preparedCapacity: Int

    /// - Parameters:
    ///   - applicationName: shows in `pg_stat_activity`, unless the URL names another.
    ///   - loop: several connections may share one; without it the connection starts its own thread.
    ///   - preparedCapacity: how many prepared statements the server keeps for it.
    package init(
        url: DatabaseURL, applicationName: String, loop: EventLoop? = nil, logger: Logger, preparedCapacity: Int = 256
    ) {
        self.init(
            url: url, applicationName: applicationName, loop: LoopOwner(loop), logger: logger,
            preparedCapacity: preparedCapacity)
    }

    init(url: DatabaseURL, applicationName: String, loop: LoopOwner, logger: Logger, preparedCapacity: Int = 256) {
        self.url = url
        self.applicationName = applicationName
        self.loop = loop.loop
        loopOwner = loop
        self.logger = logger
        self.preparedCapacity = preparedCapacity
        notices = NoticeLog(logger)
        prepared = PreparedStatements(capacity: preparedCapacity)
    }

    isolated deinit { hangUp() }

    package var isConnected: Bool {
        if case .connected = state { return true }
        return false
    }

    /// How many calls are waiting or under way.
    var load: Int { waiting.count + sessionWaiting.count + sent.count + (session == nil ? 0 : 1) }

    /// Runs the statements as one transaction in one round trip: all take effect or none does.
    ///
    /// They are sent together and committed at their end; the first error rolls all of them back, is thrown with the
    /// statement's index, and leaves the connection usable. Transactions of several callers follow each other without
    /// waiting. Statements that cannot run in a transaction (VACUUM, CREATE DATABASE) belong in `execute(script:)`;
    /// BEGIN and COMMIT are what `withTransaction` is for.
    ///
    /// - Parameter timeout: after which the call fails with `.timeout`. What was sent cannot be taken back, so then the
    ///   connection is given up, and with it the other calls on it.
    /// - Returns: one result for each statement.
    /// - Throws: `.statementFailed`; `.connectionLost` or `.timeout`, with `outcomeUnknown` when it may have committed;
    ///   `.invalidParameter`, `.closed`, when nothing was sent.
    @discardableResult
    package nonisolated(nonsending) func transact(
        _ statements: [Statement], timeout: Duration? = nil
    ) async throws(PostgresError) -> [Rows] {
        try await perform(.statements(try EncodedStatements(statements)), timeout: timeout)
    }

    /// Runs one statement in a transaction of its own, as `transact` does.
    @discardableResult
    package nonisolated(nonsending) func run(
        _ statement: Statement, timeout: Duration? = nil
    ) async throws(PostgresError) -> Rows {
        try Self.only(try await transact([statement], timeout: timeout))
    }

    /// Runs SQL text of several statements, without parameters and results, once all calls before it have ended.
    ///
    /// They are one transaction, unless the text has BEGIN and COMMIT of its own, or is a single statement that cannot
    /// be in one. Other calls wait until it is over.
    ///
    /// - Throws: as `transact`; an error may leave the effects of what the text itself committed before.
    package nonisolated(nonsending) func execute(
        script: String, timeout: Duration? = nil
    ) async throws(PostgresError) {
        if script.utf8.contains(0) { throw PostgresError(.invalidParameter, "the SQL text has a NUL character") }
        _ = try await perform(.script(script), timeout: timeout)
    }

    /// Hangs up at once. Calls under way fail with `.closed` (`outcomeUnknown` where they had been sent), and so does
    /// every later one.
    package func close() {
        let reason = PostgresError(.closed, "the connection was closed")
        state = .closed
        endLookup(.failure(reason))
        endHandshake(reason)
        abandon(reason)
    }

    nonisolated(nonsending) func perform(
        _ kind: Work.Kind, session: Work.Session? = nil, cannotCommit: Bool = false, timeout: Duration? = nil
    ) async throws(PostgresError) -> [Rows] {
        let deadline = timeout.map { ContinuousClock.now.advanced(by: $0) }
        return try await outcome(kind, session, cannotCommit, deadline).get()
    }

    private func outcome(
        _ kind: Work.Kind, _ session: Work.Session?, _ cannotCommit: Bool, _ deadline: ContinuousClock.Instant?
    ) async -> Result<[Rows], PostgresError> {
        await withCheckedContinuation { reply in
            enqueue(Work(kind: kind, session: session, cannotCommit: cannotCommit, deadline: deadline, reply: reply))
        }
    }

    static func only(_ results: [Rows]) throws(PostgresError) -> Rows {
        guard let rows = results.first else { throw PostgresError(.unsupported, "the statement gave no result") }
        return rows
    }

    /// Forgets what only held for the connection that was.
    func reset() {
        prepared = PreparedStatements(capacity: preparedCapacity)
        isFlushPending = false
        session = nil
        script = nil
    }
}
