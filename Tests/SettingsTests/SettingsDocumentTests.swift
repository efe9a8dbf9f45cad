import Foundation
import Settings
import Testing

struct SettingsDocumentTests {
    @Test func `the operations page has the table that the code writes`() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "../../docs/operations.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        #expect(text.contains(SettingsDocument.markdown), "end docs/operations.md with:\n\(SettingsDocument.markdown)")
    }
}
