import Foundation
import Inference
import Testing

struct FailureKindDocumentTests {
    @Test func `every kind of failure is in the list of reliability_md`() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs/reliability.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let list =
            text.components(separatedBy: "## Kinds of failure\n").last?.components(separatedBy: "\n## ").first ?? ""
        // The coordinators' own kinds have no type.
        for kind in FailureKind.allCases.map(\.rawValue) + ["sampling", "too_large"] {
            let lines = list.split(separator: "\n").filter {
                $0.hasPrefix("| `") && $0.split(separator: "|")[0].contains("`\(kind)`")
            }
            #expect(lines.count == 1, "\(kind)")
        }
    }
}
