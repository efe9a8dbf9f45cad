import Glibc

/// How a private PostgreSQL is laid out and started: durable, on a socket only its owner reaches.
struct DatabaseServer: Sendable {
    static let user = "tessera"
    static let database = "tessera"

    let layout: StateLayout
    let programs: ServerPrograms
    let socketDirectory: String

    var url: String { "postgresql://\(Self.user)@/\(Self.database)?host=\(socketDirectory.percentEncoded)" }
    var logFile: String { "\(layout.logs)/postgres.log" }
    var data: String { "\(layout.database)/data" }
    private var lockFile: String { "\(data)/postmaster.pid" }

    /// The major version that made the cluster here; nothing when there is none yet.
    static func version(in layout: StateLayout) -> Int? {
        FileSystem.text("\(layout.database)/data/PG_VERSION").flatMap { Int($0.filter(\.isNumber)) }
    }

    /// Makes the cluster and its database if there is none. What a crash left half made is made anew.
    func makeCluster(_ launcher: ProcessLauncher) async throws(LocalServicesError) {
        guard !FileSystem.isDirectory(data) else { return }
        let unfinished = "\(layout.database)/data.new"
        FileSystem.remove(unfinished)
        try await launcher.run(
            launch([
                "\(programs.database)/initdb", "--pgdata=\(unfinished)", "--username=\(Self.user)", "--auth=trust",
                "--encoding=UTF8", "--locale=C", "--no-instructions",
            ]))
        let single = #"echo 'create database \#(Self.database)' | "$0" --single -D "$1" -c exit_on_error=on postgres"#
        try await launcher.run(
            launch(["/bin/sh", "-c", single, "\(programs.database)/postgres", unfinished]))
        guard rename(unfinished, data) == 0 else {
            throw LocalServicesError(.unusableState, "cannot make \(data): \(String(cString: strerror(errno)))")
        }
    }

    /// Removes the lock files of a server that is gone. Without this, PostgreSQL takes any process of its user that
    /// has got the old number since for a living server, and refuses to start.
    ///
    /// Only to be called when no server of this cluster runs.
    func removeStaleLocks() {
        unlink(lockFile)
        unlink("\(socketDirectory)/.s.PGSQL.5432.lock")
    }

    /// Whether that process says in its lock file that it takes connections (its eighth line).
    func isReady(_ pid: Int32) -> Bool {
        guard let lines = FileSystem.text(lockFile)?.split(separator: "\n", omittingEmptySubsequences: false),
            lines.count > 7
        else { return false }
        return Int32(lines[0]) == pid && lines[7].hasPrefix("ready")
    }

    /// Durability is left at PostgreSQL's defaults, which are on: fsync, synchronous_commit, full_page_writes.
    var serverLaunch: ProcessLaunch {
        let settings = [
            "listen_addresses=",
            "unix_socket_permissions=0700",
            "cluster_name=tessera",
            "shared_buffers=256MB",
            "max_wal_size=4GB",
            "wal_compression=lz4",
            "default_toast_compression=lz4",
            "max_connections=100",
            "jit=off",
            // A backend whose client vanished in the middle of a statement gives its locks back.
            "client_connection_check_interval=5s",
            "log_min_messages=warning",
            "log_checkpoints=off",
            "log_timezone=UTC",
            "timezone=UTC",
        ]
        return launch(
            ["\(programs.database)/postgres", "-D", data, "-k", socketDirectory]
                + settings.flatMap { ["-c", $0] })
    }

    private func launch(_ command: [String]) -> ProcessLaunch {
        ProcessLaunch(
            command: command, environment: ["PATH=/usr/bin:/bin", "LANG=C.UTF-8", "TZ=UTC"],
            directory: layout.database, logFile: logFile, user: layout.databaseUser)
    }
}

extension String {
    /// For one value in a URI (RFC 3986, 2.1): everything but unreserved characters is escaped.
    fileprivate var percentEncoded: String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
