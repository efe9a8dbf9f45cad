import Foundation
import Glibc
import LocalServices
import Logging

/// Private services and a coordinator, for all trials.
final class ThrottleServices {
    let folder: String
    let environment: [String: String]
    private let services: LocalServices
    private let guardian: GuardianHandle
    private let coordinator: BenchProcess

    static func start() async throws -> ThrottleServices {
        let folder = NSTemporaryDirectory() + "tessera-throttle-\(getpid())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let logger = Logger(label: "bench")
        let guardian = try await GuardianHandle.spawn(
            executable: BenchProcess.own("coordinator"), logFile: "\(folder)/guardian.log", logger: logger)
        let services = try await LocalServices.start(
            stateDirectory: folder + "/state", fresh: true, guardian: guardian, logger: logger)
        return try ThrottleServices(folder, services, guardian)
    }

    private init(_ folder: String, _ services: LocalServices, _ guardian: GuardianHandle) throws {
        self.folder = folder
        self.services = services
        self.guardian = guardian
        environment = [
            "TESSERA_DATABASE_URL": services.databaseURL, "TESSERA_BROKER_URL": services.brokerURL,
            "TESSERA_PARTITIONS": "1", "TESSERA_LOG_FORMAT": "json",
        ]
        _ = try BenchProcess.output(BenchProcess.own("coordinator"), ["migrate"], environment, folder: folder)
        coordinator = try BenchProcess(
            BenchProcess.own("coordinator"), ["serve"], environment, log: "\(folder)/coordinator.log", folder: folder)
    }

    func stop() async {
        coordinator.stop()
        await services.stop()
        await guardian.close()
        LocalServices.removeState(folder + "/state")
        try? FileManager.default.removeItem(atPath: folder)
    }
}
