import Glibc
import Processes

/// Ends a tool together with the process that started it, however that ends, and removes the tool's folder then.
///
/// A tool leads a session of its own, so nothing that kills its parent reaches it. A shell waits for the end of a
/// socket whose other end only this process holds. It goes away with this value, which goes after the tool.
struct ToolWatch: ~Copyable {
    private let shell: pid_t
    private let socket: Int32

    /// - Parameters:
    ///   - tool: leader of the process group that is killed.
    ///   - folder: is removed after it.
    init(over tool: pid_t, in folder: String) throws(ProcessError) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw ProcessError(.cannotStart, "no socket pair", errno)
        }
        defer { close(ends[0]) }
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        let script = #"read -r nothing; kill -s KILL -- "-$0"; rm -rf -- "$1""#
        let spawn = ProcessSpawn(
            ["/bin/sh", "-c", script, "\(tool)", folder], environment: ["PATH=\(path)"], input: .descriptor(ends[0]),
            output: .nothing, errors: .nothing)
        do throws(ProcessError) {
            shell = try spawn.start()
        } catch {
            close(ends[1])
            throw error
        }
        socket = ends[1]
    }

    deinit {
        // Before the socket is closed, which it would take for our end.
        kill(shell, SIGKILL)
        while waitpid(shell, nil, 0) < 0, errno == EINTR {}
        close(socket)
    }
}
