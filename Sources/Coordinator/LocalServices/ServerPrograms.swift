/// Where the servers' own programs are, as Debian and Ubuntu install them.
struct ServerPrograms: Sendable, Equatable {
    /// The folder with `postgres` and `initdb`.
    let database: String
    let broker: String
    let epmd: String

    static let oldestDatabase = 15
    static let installLine =
        "Install both servers with: sudo apt-get install postgresql-15 rabbitmq-server (or scripts/install-dependencies)."

    /// - Parameter version: the major version that an existing cluster was made by; without it, the newest is taken.
    static func find(databaseVersion version: Int?) throws(LocalServicesError) -> ServerPrograms {
        let folder = "/usr/lib/postgresql"
        let installed = FileSystem.names(in: folder).compactMap { Int($0) }
            .filter { FileSystem.isExecutable("\(folder)/\($0)/bin/postgres") }
        var missing: [String] = []
        let chosen = version ?? installed.max() ?? 0
        if let version, !installed.contains(version) {
            missing.append("PostgreSQL \(version), which made this state directory")
        } else if chosen < oldestDatabase {
            missing.append("PostgreSQL \(oldestDatabase) or newer (\(folder)/*/bin/postgres)")
        }
        let broker = "/usr/lib/rabbitmq/bin/rabbitmq-server"
        let epmd = "/usr/bin/epmd"
        if !FileSystem.isExecutable(broker) { missing.append("RabbitMQ (\(broker))") }
        if !FileSystem.isExecutable(epmd) { missing.append("Erlang's port mapper (\(epmd))") }
        guard missing.isEmpty else {
            throw LocalServicesError(
                .notInstalled, "Not installed: \(missing.joined(separator: "; ")). \(installLine)")
        }
        return ServerPrograms(database: "\(folder)/\(chosen)/bin", broker: broker, epmd: epmd)
    }
}
