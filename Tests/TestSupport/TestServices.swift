import Foundation
package import LocalServices
import Logging
import Postgres

/// The private PostgreSQL and RabbitMQ of this test run: started when first asked for, stopped when the run ends,
/// however it ends.
package enum TestServices {
    private static let shared = Task { () async throws -> LocalServices in
        // Beside the build's products, so that each run of the tests begins by emptying what the last one left.
        let folder = BuiltProducts.path("test-services")
        let logger = Logger(label: "test-services")
        let guardian = try await GuardianHandle.spawn(
            executable: BuiltProducts.path("coordinator"), logFile: "\(folder)/guardian.log", logger: logger)
        return try await LocalServices.start(stateDirectory: folder, fresh: true, guardian: guardian, logger: logger)
    }

    package static func get() async throws -> LocalServices { try await shared.value }

    /// A new, empty database; its URL.
    package static func makeDatabase(_ name: String) async throws -> String {
        let services = try await get()
        let admin = PostgresPool(
            url: try DatabaseURL(services.databaseURL), size: 1, applicationName: "tests",
            logger: Logger(label: "tests"))
        _ = try await admin.run(Statement("create database \(name)", isPrepared: false))
        await admin.close()
        return services.databaseURL.replacingDatabase(by: name)
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
