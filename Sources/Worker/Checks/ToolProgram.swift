import Glibc
package import Messages
package import Processes

/// A tool that this worker has.
package struct ToolProgram: Hashable, Sendable {
    package let tool: CodeTool
    /// Absolute.
    package let path: String
    /// As it says itself; empty before it was asked.
    package let version: String

    package init(tool: CodeTool, path: String, version: String = "") {
        self.tool = tool
        self.path = path
        self.version = version
    }

    /// `ruff 0.17.6`, for beats and people.
    package var description: String { version.isEmpty ? tool.rawValue : "\(tool.rawValue) \(version)" }

    /// Looks for the tools in the folders of `path`, and asks each for its version. Blocks for the second that this may
    /// take. One that cannot say its version within 20 s cannot be used, and is left out.
    ///
    /// - Parameter path: folders with colons between them, as in PATH.
    static func find(in path: String) -> [ToolProgram] {
        CodeTool.allCases.compactMap { tool in
            guard let file = location(of: tool, in: path) else { return nil }
            guard let run = try? ToolProcess.run([file, "--version"], timeout: .seconds(20)), run.isSuccess else {
                return nil
            }
            // "ruff 0.17.6", "sqlfluff, version 4.5.0"
            let words = String(decoding: run.output, as: UTF8.self).split { $0 == " " || $0.isNewline }
            return ToolProgram(tool: tool, path: file, version: String(words.last ?? "").ifShort)
        }
    }

    /// The same on a thread of its own, where `completion` is called.
    ///
    /// - Throws: when there is no thread to be had; `completion` is not called then.
    package static func find(
        in path: String, _ completion: @escaping @Sendable ([ToolProgram]) -> Void
    ) throws(ProcessError) {
        try BackgroundThread.start { completion(find(in: path)) }
    }

    /// The same, awaited.
    package static func found(in path: String) async throws(ProcessError) -> [ToolProgram] {
        try await BackgroundThread.run { find(in: path) }
    }

    /// Whether any of the tools is in one of the folders.
    package static func areAny(in path: String) -> Bool {
        CodeTool.allCases.contains { location(of: $0, in: path) != nil }
    }

    private static func location(of tool: CodeTool, in path: String) -> String? {
        path.split(separator: ":").lazy.map { "\($0)/\(tool.rawValue)" }.first { file in
            file.hasPrefix("/") && access(file, X_OK) == 0
        }
    }
}

extension String {
    /// What is longer is no version.
    fileprivate var ifShort: String { utf8.count <= 40 ? self : "" }
}
