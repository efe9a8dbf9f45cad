import Glibc

/// Starts processes that belong to one state directory: marked as such, and known to the guardian before they run.
struct ProcessLauncher: Sendable {
    /// In the environment of all that is started here; a later run finds what an earlier one left behind by it.
    static let marker = "TESSERA_STATE_DIRECTORY"

    /// An absolute path without links.
    let stateDirectory: String
    let guardian: GuardianHandle?

    func start(_ launch: ProcessLaunch, _ kind: GuardedProcess.Kind, signal: Int32 = SIGTERM)
        async throws(LocalServicesError) -> ChildProcess
    {
        var launch = launch
        launch.environment.removeAll { $0.hasPrefix("\(Self.marker)=") }
        launch.environment.append("\(Self.marker)=\(stateDirectory)")
        let held = try launch.spawn()
        let child = try ChildProcess(held.identity)
        if let guardian {
            await guardian.add(GuardedProcess(held.identity, kind, signal: signal))
            Task {
                _ = await child.exit()
                await guardian.remove(child.pid)
            }
        }
        held.release()
        return child
    }

    /// Runs a command to its end.
    ///
    /// - Throws: `.startFailed` with the end of its log, when it does not exit with 0.
    func run(_ launch: ProcessLaunch) async throws(LocalServicesError) {
        let child = try await start(launch, .server)
        let status = await child.exit()
        guard status.isSuccess else {
            throw LocalServicesError(
                .startFailed, "\(launch.command.first ?? "") \(status).\(LogTail(of: launch.logFile))")
        }
    }
}
