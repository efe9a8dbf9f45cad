import Glibc

/// Where the private servers keep what they own.
///
/// `<state>/services` is a folder, or, when we are root, a link to one under `/var/lib/tessera` that the servers' own
/// users can reach (a home with mode 700 is not traversable for them).
struct StateLayout: Sendable, Equatable {
    /// The state directory, absolute, without links.
    let stateDirectory: String
    /// Where `<state>/services` leads, without links.
    let services: String
    let databaseUser: ServiceUser?
    let brokerUser: ServiceUser?

    var logs: String { "\(stateDirectory)/logs" }
    var database: String { "\(services)/postgres" }
    var broker: String { "\(services)/rabbitmq" }

    /// The longest path of a socket that connect(2) takes, in bytes.
    static let longestSocketPath = 107
    private static let rootServices = "/var/lib/tessera"

    /// Makes what is absent of it.
    static func make(in directory: String) throws(LocalServicesError) -> StateLayout {
        try FileSystem.makeDirectory(directory)
        guard let state = FileSystem.realPath(directory) else {
            throw LocalServicesError(.unusableState, "\(directory) cannot be reached")
        }
        let link = "\(state)/services"
        let isRoot = geteuid() == 0
        if let owner = FileSystem.information(link, followingLinks: true)?.st_uid {
            guard owner == geteuid() else {
                throw LocalServicesError(
                    .unusableState,
                    "\(link) belongs to user \(owner), not to \(geteuid()). Run as that user, or use another --state-dir."
                )
            }
        } else if isRoot {
            try makeReachableFolder(linkedFrom: link)
        } else {
            try FileSystem.makeDirectory(link)
        }
        guard let services = FileSystem.realPath(link) else {
            throw LocalServicesError(.unusableState, "\(link) leads nowhere")
        }
        let layout = StateLayout(
            stateDirectory: state, services: services,
            databaseUser: isRoot ? try user("postgres", of: "postgresql-15") : nil,
            brokerUser: isRoot ? try user("rabbitmq", of: "rabbitmq-server") : nil)
        try FileSystem.makeDirectory(layout.logs)
        try FileSystem.makeDirectory(layout.database, owner: layout.databaseUser)
        try FileSystem.makeDirectory(layout.broker, owner: layout.brokerUser)
        return layout
    }

    /// Removes the state directory and where it leads to. Nothing of it may be running.
    static func remove(_ directory: String) {
        if let services = FileSystem.realPath("\(directory)/services"), services.hasPrefix("\(rootServices)/") {
            FileSystem.remove(services)
        }
        FileSystem.remove(directory)
    }

    /// Where PostgreSQL's socket stands: with its data, or in a short folder of this user's where that path is too
    /// long.
    func socketDirectory() throws(LocalServicesError) -> String {
        let socket = "/.s.PGSQL.5432"
        if database.utf8.count + socket.utf8.count <= Self.longestSocketPath { return database }
        // FNV-1a: another folder for another state directory, the same one each time.
        let hash = services.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let short = "/tmp/tessera-\(geteuid())-\(String(hash, radix: 16))"
        try FileSystem.makeDirectory(short, owner: databaseUser)
        let owner = databaseUser?.uid ?? geteuid()
        guard let found = FileSystem.information(short, followingLinks: false), found.st_mode & S_IFMT == S_IFDIR,
            found.st_uid == owner, found.st_mode & 0o077 == 0
        else { throw LocalServicesError(.unusableState, "\(short) is not a private folder of this user; remove it") }
        return short
    }

    private static func makeReachableFolder(linkedFrom link: String) throws(LocalServicesError) {
        try FileSystem.makeDirectory(rootServices, mode: 0o711)
        let name = String(UInt32.random(in: .min ... .max), radix: 36)
        let folder = "\(rootServices)/\(name)"
        try FileSystem.makeDirectory(folder, mode: 0o711)
        // A link that leads nowhere: its folder was removed, and with it what was in it.
        unlink(link)
        guard symlink(folder, link) == 0 else {
            throw LocalServicesError(.unusableState, "cannot make \(link): \(String(cString: strerror(errno)))")
        }
    }

    private static func user(_ name: String, of package: String) throws(LocalServicesError) -> ServiceUser {
        guard let user = ServiceUser(named: name) else {
            throw LocalServicesError(
                .notInstalled,
                "There is no user \(name), which the package \(package) makes. \(ServerPrograms.installLine)")
        }
        return user
    }
}
