import Glibc
import Logging
import Postgres

/// A schema of its own in the shared server, for one test.
struct Database {
    let server: PrivatePostgres
    let url: DatabaseURL

    private static let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

    init(_ server: PrivatePostgres = .shared) async throws {
        self.server = server
        let schema = "test_\(UInt64.random(in: 0 ... .max))"
        let maker = PostgresConnection(url: try server.url(), applicationName: "tests", logger: Self.logger)
        try await maker.connect()
        try await maker.execute(script: "create schema \(schema)")
        await maker.close()
        url = try server.url(schema: schema)
    }

    func pool(size: Int = 2) -> PostgresPool {
        PostgresPool(url: url, size: size, applicationName: "tests", logger: Self.logger)
    }

    static func connection(_ url: DatabaseURL, preparedCapacity: Int = 256) -> PostgresConnection {
        PostgresConnection(
            url: url, applicationName: "tests", logger: logger, preparedCapacity: preparedCapacity)
    }

    func connected(preparedCapacity: Int = 256) async throws -> PostgresConnection {
        let connection = Self.connection(url, preparedCapacity: preparedCapacity)
        try await connection.connect()
        return connection
    }
}

/// The error of a call that must fail.
func failure(
    of body: () async throws -> some Any, _ comment: String = ""
) async -> PostgresError {
    do {
        _ = try await body()
    } catch let error as PostgresError {
        return error
    } catch {
        return PostgresError(.unsupported, "another error: \(error) \(comment)")
    }
    return PostgresError(.unsupported, "no error \(comment)")
}
