import CLinux
import Glibc

/// A program about to be started with nothing of this process's but what is named here: no other descriptor, no blocked
/// signal, no handler, no variable of its environment.
package struct ProcessSpawn: Sendable {
    /// What one of the three standard descriptors is.
    package enum Stream: Sendable {
        case descriptor(Int32)
        /// Opened for reading.
        case nothing
        /// Opened for writing, emptied, and made for this user only where it is not there.
        case file(String)
    }

    /// Path of the program, then its arguments.
    package var command: [String]
    /// The whole environment, `NAME=value` each.
    package var environment: [String]
    package var input: Stream
    package var output: Stream
    package var errors: Stream
    /// As the leader of a session, and so of a process group, of its own: `kill(-pid, ...)` reaches what it starts, and
    /// no signal of our terminal reaches it.
    package var leadsSession = true

    package init(_ command: [String], environment: [String], input: Stream, output: Stream, errors: Stream) {
        self.command = command
        self.environment = environment
        self.input = input
        self.output = output
        self.errors = errors
    }

    /// Starts it. The caller waits for its end.
    ///
    /// - Returns: its number, which stays its own until it is waited for.
    /// - Throws: `.cannotStart`.
    package func start() throws(ProcessError) -> Int32 {
        guard let program = command.first else { throw ProcessError(.cannotStart, "no command", EINVAL) }
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for (stream, descriptor) in [(input, STDIN_FILENO), (output, STDOUT_FILENO), (errors, STDERR_FILENO)] {
            switch stream {
            case .descriptor(let own): posix_spawn_file_actions_adddup2(&actions, own, descriptor)
            case .nothing: posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDONLY, 0)
            case .file(let path):
                let flags = O_WRONLY | O_CREAT | O_TRUNC
                posix_spawn_file_actions_addopen(&actions, descriptor, path, flags, 0o600)
            }
        }
        // Not all that is open here is marked close-on-exec: a library may be starting a process just now.
        _ = tessera_spawn_close_from(&actions, 3)
        set(&attributes)
        var pid: pid_t = 0
        let status = Self.withCStrings(command) { arguments in
            Self.withCStrings(environment) { variables in
                posix_spawn(&pid, program, &actions, &attributes, arguments, variables)
            }
        }
        guard status == 0 else { throw ProcessError(.cannotStart, "cannot start \(program)", status) }
        return pid
    }

    private func set(_ attributes: inout posix_spawnattr_t) {
        var unblocked = sigset_t()
        sigemptyset(&unblocked)
        posix_spawnattr_setsigmask(&attributes, &unblocked)
        var defaulted = sigset_t()
        sigfillset(&defaulted)
        sigdelset(&defaulted, SIGKILL)
        sigdelset(&defaulted, SIGSTOP)
        posix_spawnattr_setsigdefault(&attributes, &defaulted)
        // A GNU extension that Glibc's overlay does not show (spawn.h): setsid() in the child.
        let newSession: Int32 = leadsSession ? 0x80 : 0
        posix_spawnattr_setflags(&attributes, Int16(newSession | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let pointers = strings.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        return body(pointers + [nil])
    }
}
