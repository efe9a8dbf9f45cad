import FoundationEssentials
import Glibc
import Processes
import Synchronization

/// A program run to its end in a folder of its own, without input, with little of this process's environment.
///
/// It is the leader of a session, and is killed with all that it started when its time is over, it is cancelled, or
/// this process ends. It may write 64 MiB to one file, and use 4 GiB of memory, whatever this process is held to. Its
/// folder is removed after it.
final class ToolProcess: Sendable {
    struct Ending: Sendable {
        /// What `waitpid` gives.
        let status: Int32
        let output: [UInt8]
        let errors: [UInt8]
        let wasTimeout: Bool
        let wasCancelled: Bool

        var isSuccess: Bool { status == 0 && !wasTimeout && !wasCancelled }

        /// How it ended, behind "ended".
        var description: String {
            let signal = status & 0x7f
            return signal == 0 ? "with code \((status >> 8) & 0xff)" : "by signal \(signal)"
        }
    }

    /// The program cannot be started, or its files not be written.
    struct CannotStart: Error, CustomStringConvertible {
        let description: String

        init(_ what: String, _ error: Int32) { description = "\(what): \(String(cString: strerror(error)))" }

        init(_ error: ProcessError) { description = error.description }
    }

    private enum State {
        case waiting
        case running(pid_t)
        case ended
    }

    private let state = Mutex<(state: State, isCancelled: Bool)>((.waiting, false))

    static func run(
        _ command: [String], files: [(name: String, text: String)] = [], timeout: Duration
    ) throws(CannotStart) -> Ending {
        try ToolProcess().run(command, files: files, timeout: timeout)
    }

    /// Blocks until the program has ended.
    func run(
        _ command: [String], files: [(name: String, text: String)], timeout: Duration
    ) throws(CannotStart) -> Ending {
        guard access(command[0], X_OK) == 0 else { throw CannotStart("cannot run \(command[0])", errno) }
        let folder = try Self.makeFolder()
        defer { Self.remove(folder) }
        for file in files { try Self.write(file.text, to: "\(folder)/\(file.name)") }
        let pid = try start(command, in: folder, timeout)
        let watch: ToolWatch
        do throws(ProcessError) {
            watch = try ToolWatch(over: pid, in: folder)
        } catch {
            _ = wait(for: pid, .now)
            throw CannotStart(error)
        }
        let (status, wasTimeout) = withExtendedLifetime(watch) { wait(for: pid, .now + timeout) }
        return Ending(
            status: status, output: Self.read("\(folder)/\(Self.outputName)", most: 64 << 20),
            errors: Self.read("\(folder)/\(Self.errorsName)", most: 4 << 10), wasTimeout: wasTimeout,
            wasCancelled: isCancelled)
    }

    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// Ends it by SIGKILL, or keeps it from beginning. From any thread.
    func cancel() {
        state.withLock { state in
            state.isCancelled = true
            if case .running(let pid) = state.state { kill(-pid, SIGKILL) }
        }
    }

    // MARK: The process

    private static let outputName = ".output"
    private static let errorsName = ".errors"

    private func start(_ command: [String], in folder: String, _ timeout: Duration) throws(CannotStart) -> pid_t {
        let seconds = timeout.components.seconds + 5
        // Limits are by the shell's own words: Glibc's overlay cannot set them for a child.
        // A child's own limit of data is a soft one, and not for its tools.
        let script = #"""
            ulimit -f 131072; ulimit -t "$1"
            ulimit -d 4194304 2>/dev/null || ulimit -S -d "$(ulimit -H -d)"
            cd "$0" && shift && exec "$@"
            """#
        return try state.withLock { state throws(CannotStart) in
            if state.isCancelled { throw CannotStart("cancelled", ECANCELED) }
            let pid = try Self.spawn(["/bin/sh", "-c", script, folder, "\(seconds)"] + command, folder)
            state.state = .running(pid)
            return pid
        }
    }

    /// Looks each few milliseconds: the end of one given child cannot be waited for with a time limit.
    private func wait(for pid: pid_t, _ deadline: ContinuousClock.Instant) -> (status: Int32, wasTimeout: Bool) {
        var status: Int32 = 0
        var wasTimeout = false
        var pause: UInt32 = 500
        while true {
            // Under the lock, so that nobody signals a number that is another's by then.
            let hasEnded = state.withLock { state in
                let reaped = waitpid(pid, &status, WNOHANG)
                if reaped == 0 || reaped < 0 && errno == EINTR { return false }
                // Somebody else waited for it: how it ended is not known.
                if reaped < 0 { status = 0xff00 }
                // What it started ends with it.
                kill(-pid, SIGKILL)
                state.state = .ended
                return true
            }
            if hasEnded { return (status, wasTimeout) }
            if !wasTimeout, ContinuousClock.now >= deadline {
                wasTimeout = true
                kill(-pid, SIGKILL)
            }
            usleep(pause)
            pause = min(pause * 2, 8_000)
        }
    }

    private static func spawn(_ command: [String], _ folder: String) throws(CannotStart) -> pid_t {
        // The worker's keys are in its environment, and no business of a tool's.
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        let spawn = ProcessSpawn(
            command, environment: ["PATH=\(path)", "HOME=\(folder)", "TMPDIR=\(folder)", "LANG=C.UTF-8", "NO_COLOR=1"],
            input: .nothing, output: .file("\(folder)/\(outputName)"), errors: .file("\(folder)/\(errorsName)"))
        do throws(ProcessError) {
            return try spawn.start()
        } catch {
            throw CannotStart(error)
        }
    }

    // MARK: Its folder

    private static func makeFolder() throws(CannotStart) -> String {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/tessera-check-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CannotStart("cannot make a folder in \(parent)", errno) }
        return template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    }

    private static func write(_ text: String, to path: String) throws(CannotStart) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CannotStart("cannot write \(path)", errno) }
        defer { close(descriptor) }
        var left = Array(text.utf8)[...]
        while !left.isEmpty {
            let count = left.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw CannotStart("cannot write \(path)", errno) }
            left = left.dropFirst(count)
        }
    }

    private static func read(_ path: String, most: Int) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < most {
            let count = Glibc.read(descriptor, &piece, min(piece.count, most - bytes.count))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes.append(contentsOf: piece[..<count])
        }
        return bytes
    }

    /// Tools may leave files of their own, in folders too.
    private static func remove(_ folder: String) { try? FileManager.default.removeItem(atPath: folder) }
}
