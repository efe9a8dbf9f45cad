import Foundation
package import LocalServices
import Logging
import Postgres

/// The private PostgreSQL and RabbitMQ of this test run: started when first asked for, stopped when the run ends,
/// however it ends.
package enum TestServices {
    private static let logger = Logger(label: "test-services")

    private static let guardian = Task { () async throws -> GuardianHandle in
        try await GuardianHandle.spawn(
            executable: BuiltProducts.path("coordinator"),
            logFile: "\(BuiltProducts.path("test-services"))/guardian.log", logger: logger)
    }

    private static let shared = Task { () async throws -> LocalServices in try await start("test-services") }

    package static func get() async throws -> LocalServices { try await shared.value }

    /// Servers beside the shared ones, empty, for tests that run beside each other; whoever starts them stops them.
    ///
    /// - Parameter name: a folder beside the build's products, so that each run begins by emptying what the last one
    ///   left.
    package static func start(_ name: String) async throws -> LocalServices {
        try await LocalServices.start(
            stateDirectory: BuiltProducts.path(name), fresh: true, guardian: try await guardian.value, logger: logger)
    }

    /// A new, empty database; its URL.
    package static func makeDatabase(_ name: String) async throws -> String {
        try await makeDatabase(name, on: get())
    }

    package static func makeDatabase(_ name: String, on services: LocalServices) async throws -> String {
        let url = services.databaseURL
        let admin = PostgresPool(
            url: try DatabaseURL(url), size: 1, applicationName: "tests", logger: Logger(label: "tests"))
        _ = try await admin.run(Statement("create database \(name)", isPrepared: false))
        await admin.close()
        return url.replacingDatabase(by: name)
    }
}

extension String {
    /// The connection string of another database on the same server.
    fileprivate func replacingDatabase(by name: String) -> String {
        if hasPrefix("postgres") {
            guard var parts = URLComponents(string: self) else { return self }
            parts.path = "/" + name
            return parts.string ?? self
        }
        return split(separator: " ").filter { !$0.hasPrefix("dbname=") }.joined(separator: " ") + " dbname=\(name)"
    }
}
