import Foundation
package import LocalServices
import Logging

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
}
