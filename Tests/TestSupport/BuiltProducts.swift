package import Foundation

/// The programs of this package, as the build that runs the tests made them.
package enum BuiltProducts {
    /// - Parameter name: `coordinator`, `worker` or `inference-simulator`.
    package static func path(_ name: String) -> String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return (own as NSString).deletingLastPathComponent + "/" + name
    }
}

/// The package's folder, and files beside it.
package enum PackageFolder {
    package static let url = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    package static func path(_ relative: String) -> String { url.appendingPathComponent(relative).path }
}
