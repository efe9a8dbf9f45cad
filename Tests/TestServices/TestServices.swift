import Glibc
package import LocalServices
import Logging

/// Private PostgreSQL and RabbitMQ for the tests of this process: started by the first that asks, gone with the process
/// however that ends. Each test takes a schema and a vhost or queue prefix of its own; one that kills a server starts
/// its own pair with ``own(in:)``.
package enum TestServices {
    private static let starting = Task { try await start(in: "\(products)/test-services") }

    /// The pair that all tests of this process share.
    package static func shared() async throws -> LocalServices { try await starting.value }

    /// Another pair, empty, with its state in the given folder. To be stopped by who asked for it.
    package static func own(in stateDirectory: String) async throws -> LocalServices {
        try await start(in: stateDirectory)
    }

    /// The folder of what was built with these tests: `service-host`, `coordinator`, `worker`, ...
    package static let products: String = {
        var path = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &path, path.count)
        let text = String(decoding: path.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return String(text[..<(text.lastIndex(of: "/") ?? text.startIndex)])
    }()

    /// A guardian for this process.
    package static func guardian(logFile: String) async throws -> GuardianHandle {
        try await GuardianHandle.spawn(
            executable: "\(products)/service-host", logFile: logFile, logger: Logger(label: "tests"))
    }

    private static func start(in stateDirectory: String) async throws -> LocalServices {
        try await LocalServices.start(
            stateDirectory: stateDirectory, fresh: true,
            guardian: guardian(logFile: "\(stateDirectory)/logs/guardian.log"), logger: Logger(label: "tests"))
    }
}
