import Glibc
package import Logging
import Processes

/// A private PostgreSQL and RabbitMQ, started for this process and stopped by it.
///
/// They listen on a unix socket and on 127.0.0.1 only, keep their data in the state directory, and find it again at
/// the next start: the same database, the same queues. Both are durable: what they confirmed survives a crash.
package actor LocalServices {
    /// For libpq; valid until `stop`, across restarts.
    package nonisolated let databaseURL: String
    /// `amqp://user:password@127.0.0.1:port/%2F`; valid until `stop`, across restarts.
    package nonisolated let brokerURL: String
    /// Servers that ended by themselves (or by ``kill(_:_:)``), until `stop`. Nothing starts them again but `restart`.
    package nonisolated let exits: AsyncStream<ServiceExit>

    private let database: DatabaseServer
    private let broker: BrokerServer
    private let launcher: ProcessLauncher
    private let logger: Logger
    private let exitsContinuation: AsyncStream<ServiceExit>.Continuation
    private var lock: FileLock?
    private var running: [LocalService: ChildProcess] = [:]
    private var portMapper: ChildProcess?

    /// How long a server may take until it is ready: four seconds are usual, more on a machine that is busy.
    private static let startLimit: Duration = .seconds(90)
    /// A database that crashed first does again what its log says, which takes as long as it takes.
    private static let recoveryLimit: Duration = .seconds(3600)
    private static let stopLimit: Duration = .seconds(30)

    /// Starts both servers side by side and returns when both take connections; about four seconds.
    ///
    /// Whatever an earlier process left running in this state directory is stopped first.
    ///
    /// - Parameters:
    ///   - stateDirectory: made if absent. As root, the data goes to a folder under `/var/lib/tessera` that the
    ///     servers' own users reach, and `services` in the state directory is a link to it.
    ///   - fresh: begins without the data of earlier starts.
    ///   - guardian: stops the servers when this process dies; without one they would outlive it.
    /// - Throws: `.notInstalled`, `.locked`, `.unusableState`, `.startFailed`, `.cancelled`; nothing is left running.
    package static func start(
        stateDirectory: String, fresh: Bool = false, guardian: GuardianHandle?, logger: Logger
    ) async throws(LocalServicesError) -> LocalServices {
        var layout = try StateLayout.make(in: stateDirectory)
        let lock = try FileLock.take("\(layout.stateDirectory)/services.lock")
        let orphans = Orphans.find(stateDirectory: layout.stateDirectory, services: layout.services)
        if !orphans.isEmpty {
            logger.notice("stopping what an earlier run left behind", metadata: ["processes": "\(orphans.count)"])
            await Guardian.stop(orphans)
        }
        if fresh {
            for name in FileSystem.names(in: layout.services) { FileSystem.remove("\(layout.services)/\(name)") }
            layout = try StateLayout.make(in: stateDirectory)
        }
        let programs = try ServerPrograms.find(databaseVersion: DatabaseServer.version(in: layout))
        let services = LocalServices(
            database: DatabaseServer(
                layout: layout, programs: programs, socketDirectory: try layout.socketDirectory()),
            broker: BrokerServer(
                layout: layout, programs: programs, settings: try BrokerServer.settings(in: layout)),
            launcher: ProcessLauncher(stateDirectory: layout.stateDirectory, guardian: guardian),
            lock: lock, logger: logger)
        do {
            try await services.startBoth()
        } catch {
            await services.stop()
            throw error
        }
        return services
    }

    /// Removes a state directory and the servers' data; for tests and benchmarks that begin afresh.
    ///
    /// Nothing may be running there.
    package static func removeState(_ stateDirectory: String) { StateLayout.remove(stateDirectory) }

    private init(
        database: DatabaseServer, broker: BrokerServer, launcher: ProcessLauncher, lock: FileLock, logger: Logger
    ) {
        self.database = database
        self.broker = broker
        self.launcher = launcher
        self.lock = lock
        self.logger = logger
        databaseURL = database.url
        brokerURL = broker.url
        (exits, exitsContinuation) = AsyncStream.makeStream()
    }

    /// Sends a signal to a server and all its processes: SIGKILL for a crash, SIGSTOP and SIGCONT for one that hangs.
    /// Does nothing when it does not run.
    package func kill(_ service: LocalService, _ signal: Int32) async {
        await running[service]?.signal(signal, alsoToDescendants: true)
    }

    /// Starts a server that ended, or stops and starts one that runs; same address, same data. Returns when it is
    /// ready.
    ///
    /// - Throws: `.startFailed`, `.cancelled`; the server is then not running, and a later call may succeed.
    package func restart(_ service: LocalService) async throws(LocalServicesError) {
        await stop(service)
        try await start(service)
    }

    /// The process id of a server, while it runs.
    package func processID(of service: LocalService) -> Int32? { running[service]?.pid }

    /// Stops both servers in good order; a server that does not end is killed. A second call does nothing.
    package func stop() async {
        async let databaseStopped: Void = stop(.database)
        async let brokerStopped: Void = stop(.broker)
        _ = await (databaseStopped, brokerStopped)
        _ = await portMapper?.end(SIGTERM, within: .seconds(2))
        portMapper = nil
        // Empty only where it had to stand apart from the data.
        rmdir(database.socketDirectory)
        lock = nil
        exitsContinuation.finish()
    }

    // MARK: Starting

    private func startBoth() async throws(LocalServicesError) {
        async let database = outcome(of: .database)
        async let broker = outcome(of: .broker)
        let outcomes = await (database, broker)
        try outcomes.0.get()
        try outcomes.1.get()
    }

    private func outcome(of service: LocalService) async -> Result<Void, LocalServicesError> {
        do {
            return .success(try await start(service))
        } catch {
            return .failure(error)
        }
    }

    private func start(_ service: LocalService) async throws(LocalServicesError) {
        let began = ContinuousClock.now
        let child =
            switch service {
            case .database: try await startDatabase()
            case .broker: try await startBroker()
            }
        running[service] = child
        Task { self.ended(service, child, await child.exit()) }
        logger.debug(
            "private server ready",
            metadata: ["server": "\(service)", "pid": "\(child.pid)", "after": "\(began.duration(to: .now))"])
    }

    private func startDatabase() async throws(LocalServicesError) -> ChildProcess {
        try await database.makeCluster(launcher)
        database.removeStaleLocks()
        // Backends of a postmaster that was killed hold its shared memory for a moment longer.
        for _ in 0..<20 {
            let child = try await launcher.start(database.serverLaunch, .server, signal: SIGINT)
            do throws(LocalServicesError) {
                try await wait(for: child, atMost: Self.recoveryLimit, logFile: database.logFile) { [database] in
                    database.isReady(child.pid)
                }
                return child
            } catch  where error.code == .startFailed && error.message.contains("shared memory block") {
                database.removeStaleLocks()
                try await pause(.milliseconds(250))
            }
        }
        throw LocalServicesError(.startFailed, "PostgreSQL did not start.\(LogTail(of: database.logFile))")
    }

    private func startBroker() async throws(LocalServicesError) -> ChildProcess {
        try broker.writeConfiguration()
        if await portMapper?.status != nil { portMapper = nil }
        if portMapper == nil { portMapper = try await launcher.start(try broker.portMapperLaunch(), .helper) }
        let child = try await launcher.start(broker.launch, .server)
        let port = broker.settings.port
        try await wait(for: child, atMost: Self.startLimit, logFile: broker.logFile) {
            // Without a thread to ask on, it is asked again.
            (try? await BackgroundThread.run { LoopbackPort.hasBroker(port) }) ?? false
        }
        return child
    }

    /// Waits until `isReady`; when that cannot be, the process is gone before this throws.
    private func wait(
        for child: ChildProcess, atMost duration: Duration, logFile: String, until isReady: @Sendable () async -> Bool
    ) async throws(LocalServicesError) {
        let limit = ContinuousClock.now.advanced(by: duration)
        do throws(LocalServicesError) {
            while true {
                if let status = await child.status {
                    throw LocalServicesError(.startFailed, "the server \(status).\(LogTail(of: logFile))")
                }
                if await isReady() { return }
                guard ContinuousClock.now < limit else {
                    throw LocalServicesError(
                        .startFailed, "the server was not ready after \(duration).\(LogTail(of: logFile))")
                }
                try await pause(.milliseconds(20))
            }
        } catch {
            _ = await child.end(SIGTERM, within: .seconds(5))
            throw error
        }
    }

    private func pause(_ duration: Duration) async throws(LocalServicesError) {
        do {
            try await Task.sleep(for: duration)
        } catch {
            throw LocalServicesError(.cancelled, "the start was cancelled")
        }
    }

    // MARK: Ending

    private func stop(_ service: LocalService) async {
        guard let child = running.removeValue(forKey: service) else { return }
        let limit = ContinuousClock.now.advanced(by: Self.stopLimit)
        // PostgreSQL's fast shutdown is SIGINT: connections are ended, and a checkpoint is written.
        let status = await child.end(service == .database ? SIGINT : SIGTERM, within: Self.stopLimit)
        if status == .killed(signal: SIGKILL), ContinuousClock.now >= limit {
            logger.warning("a private server did not end in time and was killed", metadata: ["server": "\(service)"])
        }
    }

    private func ended(_ service: LocalService, _ child: ChildProcess, _ status: ExitStatus) {
        // One that was stopped, or replaced, is no longer the running one.
        guard running[service] === child else { return }
        running[service] = nil
        logger.warning("a private server ended", metadata: ["server": "\(service)", "status": "\(status)"])
        exitsContinuation.yield(ServiceExit(service: service, status: status))
    }
}
