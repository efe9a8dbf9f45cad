import Glibc
import Postgres

/// A PostgreSQL server of this test process, on a socket in a folder of its own.
///
/// A shell supervises it and waits for the end of its standard input, so that the server and its folder go away with
/// this process however that ends.
final class PrivatePostgres: Sendable {
    /// One for all tests that do not kill it. Others are to be made after it: two at the same moment could inherit each
    /// other's pipes.
    static let shared = PrivatePostgres()

    let folder: String
    private let supervisor: pid_t
    private let commands: Int32
    private let answers: Int32

    init() {
        var template = Array("\(P_tmpdir)/tessera-pg-XXXXXX".utf8CString)
        folder = String(cString: mkdtemp(&template))
        // Initdb refuses root.
        var prefix = ""
        if geteuid() == 0, let user = getpwnam("postgres") ?? getpwnam("nobody") {
            chown(folder, user.pointee.pw_uid, user.pointee.pw_gid)
            prefix = "setpriv --reuid=\(user.pointee.pw_uid) --regid=\(user.pointee.pw_gid) --clear-groups"
        }
        // A signal ends the loop like the end of input; the tests' end shows as a broken pipe too.
        let script = """
            trap : PIPE INT TERM HUP
            cd "\(folder)"; PATH=$(ls -d /usr/lib/postgresql/*/bin | tail -1):$PATH
            \(prefix) initdb -D data -U app -A trust -E UTF8 --locale=C --no-sync --no-instructions >initdb.log 2>&1
            while read -r command; do
                case $command in
                start) \(prefix) pg_ctl -D data -w -s -l server.log \
                    -o "-k '\(folder)' -c listen_addresses='' -c max_connections=200 -c fsync=off" start ;;
                kill) kill -KILL $(head -1 data/postmaster.pid)
                    while \(prefix) pg_ctl -D data status >/dev/null 2>&1; do :; done ;;
                stop) \(prefix) pg_ctl -D data -w -s -m immediate stop ;;
                esac
                echo done
            done
            \(prefix) pg_ctl -D data -w -s -m immediate stop 2>/dev/null
            rm -rf "\(folder)"
            """
        (supervisor, commands, answers) = Self.spawn(script)
        start()
    }

    deinit {
        close(commands)
        close(answers)
        var status: Int32 = 0
        waitpid(supervisor, &status, 0)
    }

    /// Starts a shell, and gives its process and the ends of the pipes to its standard input and output.
    private static func spawn(_ script: String) -> (pid_t, Int32, Int32) {
        var input: [Int32] = [0, 0]
        var output: [Int32] = [0, 0]
        guard pipe(&input) == 0, pipe(&output) == 0 else { fatalError("no pipes") }
        // Else a second supervisor would inherit them, and this one never see its end.
        for end in input + output { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, input[0], 0)
        posix_spawn_file_actions_adddup2(&actions, output[1], 1)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("/bin/sh"), strdup("-c"), strdup(script), nil]
        defer { for argument in arguments { free(argument) } }
        var process: pid_t = 0
        guard posix_spawn(&process, "/bin/sh", &actions, nil, &arguments, environ) == 0 else {
            fatalError("no shell to start PostgreSQL")
        }
        close(input[0])
        close(output[1])
        return (process, input[1], output[0])
    }

    func start() { tell("start") }

    /// As kill -9: no goodbye to anybody.
    func kill() { tell("kill") }

    func stop() { tell("stop") }

    func url(schema: String? = nil) throws -> DatabaseURL {
        var url = try DatabaseURL("host=\(folder) user=app dbname=postgres")
        url.schema = schema
        return url
    }

    private func tell(_ command: String) {
        let line = Array("\(command)\n".utf8)
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 256)
        guard write(commands, line, line.count) == line.count else { fatalError("PostgreSQL's supervisor is gone") }
        while !answer.ends(with: "done\n") {
            let count = read(answers, &buffer, buffer.count)
            if count <= 0 { fatalError("PostgreSQL's supervisor ended at \(command)") }
            answer += buffer[..<count]
        }
    }
}

extension [UInt8] {
    fileprivate func ends(with text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}
