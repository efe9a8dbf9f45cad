import Foundation
import Messages

/// Commands that run everything on this machine need the tools of validation columns here.
enum MissingTools {
    /// - Throws: exit 78 that says which tool is not on the PATH, and how to install it.
    static func check(_ file: WorkflowFile) throws(CommandFailure) {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let missing = file.tools.filter { tool in
            !folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(tool.rawValue)") }
        }
        guard !missing.isEmpty else { return }
        throw CommandFailure(
            .configuration,
            "the workflow's validation columns need \(missing.map(\.rawValue).joined(separator: " and "))",
            details: missing.map { "\($0.rawValue) is not on the PATH" },
            next: "Install: \(missing.map(\.installation).joined(separator: "; ")).")
    }
}
