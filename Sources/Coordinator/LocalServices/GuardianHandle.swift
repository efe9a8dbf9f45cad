import Glibc
package import Logging

/// The owner's side of the guardian (see ``Guardian``): what is added here does not outlive this process.
package actor GuardianHandle {
    private let command: [String]
    private let logFile: String
    private let logger: Logger
    private var registered: [Int32: GuardedProcess] = [:]
    private var child: ChildProcess?
    private var input: Int32 = -1
    private var isClosed = false

    private init(command: [String], logFile: String, logger: Logger) {
        self.command = command
        self.logFile = logFile
        self.logger = logger
    }

    /// Starts a guardian: by default this very program with the argument `guardian`, which must call ``Guardian/main``.
    ///
    /// One that dies is started again and told everything anew, until `close`.
    package static func spawn(
        executable: String? = nil, arguments: [String] = ["guardian"], logFile: String, logger: Logger
    ) async throws(LocalServicesError) -> GuardianHandle {
        guard let executable = executable ?? FileSystem.realPath("/proc/self/exe") else {
            throw LocalServicesError(.startFailed, "the path of this program is not known")
        }
        let handle = GuardianHandle(command: [executable] + arguments, logFile: logFile, logger: logger)
        try await handle.start()
        return handle
    }

    /// From the return on, the process is stopped when this one ends, however it ends. Adding it again changes its
    /// entry.
    package func add(_ process: GuardedProcess) {
        registered[process.identity.pid] = process
        send(GuardianLine.add(process))
    }

    /// As ``add(_:)``, of a program that was started otherwise; nothing when it has ended already.
    package func add(program pid: Int32) {
        guard let entry = ProcessTable.entry(of: pid) else { return }
        add(GuardedProcess(entry.identity, .program))
    }

    /// To be called once the process has ended.
    package func remove(_ pid: Int32) {
        guard registered.removeValue(forKey: pid) != nil else { return }
        send(GuardianLine.remove(pid))
    }

    /// Stops everything that is still registered, and the guardian; waits until both are done.
    package func close() async {
        guard !isClosed else { return }
        isClosed = true
        if input >= 0 { Glibc.close(input) }
        input = -1
        _ = await child?.exit()
    }

    /// For tests of what happens when a guardian dies.
    var pid: Int32? { child?.pid }

    private func start() throws(LocalServicesError) {
        try FileSystem.makeDirectory(FileSystem.directory(of: logFile))
        let log = open(logFile, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard log >= 0 else {
            throw LocalServicesError(.unusableState, "cannot write \(logFile): \(String(cString: strerror(errno)))")
        }
        defer { Glibc.close(log) }
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw LocalServicesError(.startFailed, "no socket pair: \(String(cString: strerror(errno)))")
        }
        defer { Glibc.close(ends[0]) }
        let pid: Int32
        do {
            pid = try ProcessLaunch.spawn(command, ["PATH=/usr/bin:/bin"], input: ends[0], output: log)
        } catch {
            Glibc.close(ends[1])
            throw error
        }
        guard let entry = ProcessTable.entry(of: pid) else {
            Glibc.close(ends[1])
            throw LocalServicesError(.startFailed, "the guardian ended at once")
        }
        let child: ChildProcess
        do {
            child = try ChildProcess(entry.identity)
        } catch {
            Glibc.close(ends[1])
            throw error
        }
        input = ends[1]
        self.child = child
        for process in registered.values { send(GuardianLine.add(process)) }
        Task { await self.guardianEnded(await child.exit()) }
    }

    private func guardianEnded(_ status: ExitStatus) async {
        guard !isClosed else { return }
        logger.warning("the guardian ended; it is started again", metadata: ["status": "\(status)"])
        Glibc.close(input)
        input = -1
        // One that cannot live must not be started in a tight loop.
        try? await Task.sleep(for: .seconds(1))
        guard !isClosed else { return }
        do {
            try start()
        } catch {
            logger.error("no guardian: what runs here would outlive a crash", metadata: ["reason": "\(error)"])
        }
    }

    private func send(_ line: GuardianLine) {
        var bytes = Array(line.text.utf8)[...]
        while input >= 0 && !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.send(input, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count < 0 && errno == EINTR { continue }
            // A guardian that just died is started again and told everything then.
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
