import Glibc

/// The system user a private server runs as when we are root: PostgreSQL refuses root, and RabbitMQ need not have it.
struct ServiceUser: Sendable, Equatable {
    let name: String
    let uid: uid_t
    let gid: gid_t

    /// Nothing when there is no such user.
    init?(named name: String) {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        guard getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        self.name = name
        uid = entry.pw_uid
        gid = entry.pw_gid
    }

    /// What goes before a command so that it runs as this user. `setpriv` becomes the command: the process id stays.
    var prefix: [String] { ["/usr/bin/setpriv", "--reuid=\(name)", "--regid=\(gid)", "--init-groups", "--"] }
}
