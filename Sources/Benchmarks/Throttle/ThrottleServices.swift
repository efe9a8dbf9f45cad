import Foundation

/// Private services and a coordinator, for all trials.
final class ThrottleServices {
    let services: BenchServices
    private let coordinator: BenchProcess

    static func start() async throws -> ThrottleServices {
        try ThrottleServices(try await BenchServices.start(for: "throttle"))
    }

    private init(_ services: BenchServices) throws {
        self.services = services
        let (folder, environment) = (services.folder, services.environment)
        _ = try BenchProcess.output(BenchProcess.own("coordinator"), ["migrate"], environment, folder: folder)
        coordinator = try BenchProcess(
            BenchProcess.own("coordinator"), ["serve"], environment, log: "\(folder)/coordinator.log", folder: folder)
    }

    func stop() async {
        coordinator.stop()
        await services.stop()
        try? FileManager.default.removeItem(atPath: services.folder)
    }
}
