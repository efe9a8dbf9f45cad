import Foundation

/// The tools of validation columns, as tests find them: where scripts/install-tools puts them, in TESSERA_TEST_TOOLS,
/// on the PATH.
package enum TestTools {
    /// A PATH with them in front.
    package static let path: String = {
        let environment = ProcessInfo.processInfo.environment
        let folders = [PackageFolder.path(".build/tools/bin"), environment["TESSERA_TEST_TOOLS"], environment["PATH"]]
        return folders.compactMap { $0 }.joined(separator: ":")
    }()

    /// A PATH without them.
    package static let pathWithout = "/usr/sbin:/usr/bin:/sbin:/bin"

    package static let areThere = ["ruff", "sqlfluff"].allSatisfy { tool in
        path.split(separator: ":").contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(tool)") }
    }

    package static let howToInstall = "ruff and sqlfluff are not here: scripts/install-tools installs them"
}
