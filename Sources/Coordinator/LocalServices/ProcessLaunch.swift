import Glibc
import Processes

/// A command about to be run in a session and process group of its own.
struct ProcessLaunch: Sendable {
    /// Path of the program, then its arguments.
    var command: [String]
    /// The whole environment, `NAME=value` each.
    var environment: [String]
    /// Where it runs; must be reachable by its user.
    var directory = "/"
    /// Output and errors are appended here.
    var logFile: String
    var user: ServiceUser?

    /// Starts the process, held back until `HeldProcess.release`.
    func spawn() throws(LocalServicesError) -> HeldProcess {
        let words = (user?.prefix ?? []) + command
        guard let program = words.first, FileSystem.isExecutable(program), FileSystem.isExecutable(command[0]) else {
            throw LocalServicesError(.startFailed, "\(command.first ?? "") is not there or cannot be run.")
        }
        try FileSystem.makeDirectory(FileSystem.directory(of: logFile))
        let log = open(logFile, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard log >= 0 else { throw failure("cannot write \(logFile)", errno) }
        defer { close(log) }

        // A pair of sockets, since Glibc's overlay has no call that makes a pipe and marks it close-on-exec in one step.
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw failure("no socket pair", errno)
        }
        defer { close(ends[0]) }
        let gate = ends[1]

        let script = #"read -r go && cd "$0" && exec "$@" </dev/null"#
        do throws(LocalServicesError) {
            let pid = try Self.spawn(
                ["/bin/sh", "-c", script, directory] + words, environment, input: ends[0], output: log)
            guard let entry = ProcessTable.entry(of: pid) else { throw failure("no /proc/\(pid)/stat", errno) }
            return HeldProcess(identity: entry.identity, gate: gate)
        } catch {
            close(gate)
            throw error
        }
    }

    /// Starts a command as leader of a new session, with default signal handling and no other descriptor of ours.
    static func spawn(_ command: [String], _ environment: [String], input: Int32, output: Int32)
        throws(LocalServicesError) -> Int32
    {
        let spawn = ProcessSpawn(
            command, environment: environment, input: .descriptor(input), output: .descriptor(output),
            errors: .descriptor(output))
        do throws(ProcessError) {
            return try spawn.start()
        } catch {
            throw LocalServicesError(.startFailed, error.description)
        }
    }

    private func failure(_ what: String, _ error: Int32) -> LocalServicesError {
        LocalServicesError(.startFailed, "\(what): \(String(cString: strerror(error)))")
    }
}
