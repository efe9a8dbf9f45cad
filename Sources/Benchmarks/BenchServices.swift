import Foundation
import Glibc
import LocalServices
import Logging

/// A private broker and a private database for a benchmark, in a folder of their own.
struct BenchServices {
    let folder: String
    let local: LocalServices

    static func start(for name: String) async throws -> BenchServices {
        let folder = NSTemporaryDirectory() + "tessera-\(name)-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let local = try await LocalServices.start(
            stateDirectory: folder + "/state", fresh: true, guardian: try await BenchProcess.guardian.value,
            logger: Logger(label: "bench"))
        return BenchServices(folder: folder, local: local)
    }

    /// What a coordinator and a worker need.
    var environment: [String: String] {
        [
            "TESSERA_DATABASE_URL": local.databaseURL, "TESSERA_BROKER_URL": local.brokerURL,
            "TESSERA_PARTITIONS": "1", "TESSERA_LOG_FORMAT": "json",
        ]
    }

    func writeProviders(_ endpoint: String, to name: String = "providers.yaml") throws {
        let text = "providers:\n  - name: bench\n    endpoint: \(endpoint)\n"
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    }

    /// The logs of what was measured stay.
    func stop() async {
        await local.stop()
        LocalServices.removeState(folder + "/state")
    }
}
