import Glibc
import LocalServices
import Logging

/// The program `service-host`, which the build laid beside these tests.
enum TestHost {
    static let path: String = {
        var path = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &path, path.count)
        let own = String(decoding: path.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return "\(own[..<(own.lastIndex(of: "/") ?? own.startIndex)])/service-host"
    }()

    /// A guardian for this process.
    static func guardian(logFile: String) async throws -> GuardianHandle {
        try await GuardianHandle.spawn(executable: path, logFile: logFile, logger: Logger(label: "test"))
    }
}
