import Foundation
import Glibc
import Postgres

/// A PostgreSQL server of this test process, on a socket in a folder of its own.
///
/// A shell supervises it and waits for the end of its standard input, so that the server and its folder go away with
/// this process however that ends.
final class PrivatePostgres: Sendable {
    /// One for all tests that do not kill it.
    static let shared = PrivatePostgres()

    let folder: String
    private let supervisor: Process
    private let commands: FileHandle
    private let answers: FileHandle

    init() {
        var template = Array("/tmp/tessera-pg-XXXXXX".utf8CString)
        folder = String(cString: mkdtemp(&template))
        // Initdb refuses root.
        var prefix = ""
        if geteuid() == 0, let user = getpwnam("postgres") ?? getpwnam("nobody") {
            chown(folder, user.pointee.pw_uid, user.pointee.pw_gid)
            prefix = "setpriv --reuid=\(user.pointee.pw_uid) --regid=\(user.pointee.pw_gid) --clear-groups"
        }
        let script = """
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
        let input = Pipe()
        let output = Pipe()
        supervisor = Process()
        supervisor.executableURL = URL(fileURLWithPath: "/bin/sh")
        supervisor.arguments = ["-c", script]
        supervisor.standardInput = input
        supervisor.standardOutput = output
        do { try supervisor.run() } catch { fatalError("no shell to start PostgreSQL: \(error)") }
        commands = input.fileHandleForWriting
        answers = output.fileHandleForReading
        // Else a second supervisor would inherit it, and this one never see its end.
        _ = fcntl(commands.fileDescriptor, F_SETFD, FD_CLOEXEC)
        start()
    }

    deinit {
        try? commands.close()
        supervisor.waitUntilExit()
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
        commands.write(Data("\(command)\n".utf8))
        var answer = ""
        while !answer.hasSuffix("done\n") {
            let data = answers.availableData
            if data.isEmpty { fatalError("PostgreSQL's supervisor ended at \(command): \(answer)") }
            answer += String(decoding: data, as: UTF8.self)
        }
    }
}
