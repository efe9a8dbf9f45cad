import Glibc
package import Logging

/// Keeps processes running, each in a session and process group of its own, so that a terminal's Ctrl-C reaches only
/// their owner; and stops them.
package actor ProcessSupervisor {
    private struct Entry {
        let process: SupervisedProcess
        /// Tells it from a later one of the same name.
        let number: Int
        var backoff = RestartBackoff()
        var child: ChildProcess?
        var restart: Task<Void, Never>?
    }

    /// Processes that ended by themselves, until `stop`.
    package nonisolated let exits: AsyncStream<ProcessExit>

    private let launcher: ProcessLauncher
    private let logger: Logger
    private let exitsContinuation: AsyncStream<ProcessExit>.Continuation
    private var entries: [String: Entry] = [:]
    private var lastNumber = 0

    /// - Parameters:
    ///   - stateDirectory: must be there. Marks the processes, so that a later run there finds what an earlier one
    ///     left.
    ///   - guardian: stops the processes when this one dies; without one they would outlive it.
    package init(stateDirectory: String, guardian: GuardianHandle?, logger: Logger) {
        launcher = ProcessLauncher(
            stateDirectory: FileSystem.realPath(stateDirectory) ?? stateDirectory, guardian: guardian)
        self.logger = logger
        (exits, exitsContinuation) = AsyncStream.makeStream()
    }

    /// Starts a process and, from then on, starts it again whenever it dies, after 0.2 s to 10 s.
    ///
    /// Returns once it runs; whether it is ready is its own to say. One of the same name is stopped first.
    ///
    /// - Throws: `.startFailed` when its program cannot be run at all, `.unusableState` when its log cannot be written.
    package func start(_ process: SupervisedProcess) async throws(LocalServicesError) {
        await stop(process.name)
        lastNumber += 1
        entries[process.name] = Entry(process: process, number: lastNumber)
        do throws(LocalServicesError) {
            try await launch(process.name)
        } catch {
            entries[process.name] = nil
            throw error
        }
    }

    /// Sends SIGTERM, waits, and returns when it has ended. Does nothing when there is none of that name.
    package func stop(_ name: String) async {
        guard let entry = entries.removeValue(forKey: name) else { return }
        entry.restart?.cancel()
        guard let child = entry.child else { return }
        if await child.end(SIGTERM, within: entry.process.grace) == .killed(signal: SIGKILL) {
            logger.warning("a process did not end in time and was killed", metadata: ["process": "\(name)"])
        }
    }

    /// Stops all, side by side, and ends `exits`.
    package func stop() async {
        await withDiscardingTaskGroup { group in
            for name in entries.keys { group.addTask { await self.stop(name) } }
        }
        exitsContinuation.finish()
    }

    /// For tests: SIGKILL for a crash, SIGSTOP and SIGCONT for a process that hangs.
    package func kill(_ name: String, _ signal: Int32) async { await entries[name]?.child?.signal(signal) }

    /// Nothing while it does not run.
    package func processID(of name: String) -> Int32? { entries[name]?.child?.pid }

    private func launch(_ name: String) async throws(LocalServicesError) {
        guard let entry = entries[name] else { return }
        let process = entry.process
        guard let program = process.executable ?? FileSystem.realPath("/proc/self/exe") else {
            throw LocalServicesError(.startFailed, "the path of this program is not known")
        }
        let replaced = process.environment.keys.map { "\($0)=" }
        let inherited = (FileSystem.bytes("/proc/self/environ") ?? []).split(separator: 0)
            .map { String(decoding: $0, as: UTF8.self) }
            .filter { variable in !replaced.contains { variable.hasPrefix($0) } }
        let launch = ProcessLaunch(
            command: [program] + process.arguments,
            environment: inherited + process.environment.map { "\($0.key)=\($0.value)" },
            directory: FileSystem.realPath(".") ?? "/", logFile: process.logFile)
        let began = ContinuousClock.now
        let child = try await launcher.start(launch, .program)
        guard entries[name]?.number == entry.number else {
            // It was stopped while it started.
            _ = await child.end(SIGTERM, within: process.grace)
            return
        }
        entries[name]?.child = child
        Task { self.ended(name, child, await child.exit(), after: began.duration(to: .now)) }
    }

    private func ended(_ name: String, _ child: ChildProcess, _ status: ExitStatus, after time: Duration) {
        guard entries[name]?.child === child, let process = entries[name]?.process else { return }
        entries[name]?.child = nil
        let delay = process.isRestarted ? entries[name]?.backoff.delay(afterRunning: time) : nil
        logger.warning(
            "a process ended",
            metadata: ["process": "\(name)", "status": "\(status)", "log": "\(process.logFile)"])
        if let delay {
            entries[name]?.restart = Task { await self.startAgain(name, after: delay) }
        } else {
            entries[name] = nil
        }
        exitsContinuation.yield(ProcessExit(name: name, status: status, restartsAfter: delay))
    }

    private func startAgain(_ name: String, after delay: Duration) async {
        var delay = delay
        while !Task.isCancelled {
            try? await Task.sleep(for: delay)
            guard !Task.isCancelled else { return }
            do {
                return try await launch(name)
            } catch {
                logger.warning("a process cannot be started", metadata: ["process": "\(name)", "reason": "\(error)"])
                delay = .seconds(10)
            }
        }
    }
}
