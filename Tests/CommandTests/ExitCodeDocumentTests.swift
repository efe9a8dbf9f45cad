import Foundation
import Testing

/// The pages that list exit codes against the code that has them.
struct ExitCodeDocumentTests {
    private func text(_ path: String) throws -> String {
        try String(
            contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
                "../../\(path)"),
            encoding: .utf8)
    }

    /// The numbers in the first column of the table under a heading, or in every other column of it.
    private func listed(_ path: String, _ columns: [Int]) throws -> Set<Int> {
        let section = try #require(try text(path).components(separatedBy: "\n## Exit codes\n").dropFirst().first)
        let table = section.components(separatedBy: "\n## ")[0].split(separator: "\n").filter { $0.hasPrefix("|") }
        return Set(
            table.flatMap { line in
                let cells = line.split(separator: "|", omittingEmptySubsequences: false)
                return columns.filter { $0 < cells.count }.flatMap { cells[$0].split { ", ".contains($0) } }
                    .compactMap { Int($0) }
            })
    }

    @Test func `the exit codes in the documents are those in the code`() throws {
        let codes = try text("Sources/Coordinator/Commands/Exit.swift").split(separator: "\n")
            .filter { $0.contains("    case ") }.compactMap {
                $0.split(separator: "=").last.flatMap { Int($0.trimmed) }
            }
        #expect(codes.count > 10)
        #expect(try listed("docs/operations.md", [1]) == Set(codes))
        #expect(try listed("README.md", [1, 3]) == Set(codes))
    }
}

extension Substring {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespaces) }
}
