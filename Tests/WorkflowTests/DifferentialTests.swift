import Foundation
import JSON
import Testing

@testable import Workflow

/// What the library made of random files (scripts/test-differential --corpus), without the library.
struct DifferentialTests {
    private static func cases() throws -> [JSONValue] {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/differential.json").path
        let value = try JSONValue(parsing: Array(try Data(contentsOf: URL(fileURLWithPath: path))))
        return try #require(value["cases"]?.arrayValue)
    }

    @Test func `files are accepted, ordered and fingerprinted as the library does`() throws {
        let cases = try Self.cases()
        #expect(cases.count >= 300)
        for testCase in cases {
            let text = try #require(testCase["text"]?.stringValue)
            let name = testCase["name"]?.stringValue ?? ""
            let format: WorkflowFormat = testCase["format"] == "json" ? .json : .yaml
            let loaded = Workflow.load(text: text, name: name, format: format, capabilities: nil)
            let library = try #require(testCase["library"])
            // Where Tessera checks more than the library, on purpose, the corpus says so.
            let isAccepted =
                library["valid"] == true && testCase["known"] != "stricter" || testCase["known"] == "jsonpath"
            #expect((loaded.workflow != nil) == isAccepted, "\(name): \(loaded.problems)")
            guard let workflow = loaded.workflow, library["valid"] == true else { continue }
            #expect(workflow.fingerprint == library["fingerprint"]?.stringValue, "\(name)")
            guard workflow.seed == nil else { continue }
            for (place, column) in workflow.columns.enumerated() {
                // What samplers need of each other is no edge of the library's graph.
                if case .sampler = column.kind { continue }
                let needs = workflow.graph.prerequisites(of: place).map { workflow.columns[$0].name }
                let expected = library["needs"]?[column.name]?.arrayValue?.compactMap(\.stringValue)
                #expect(Set(needs) == expected.map(Set.init), "\(name): \(column.name)")
            }
            let made = workflow.graph.order.map { workflow.columns[$0] }.filter { $0.typeName != "sampler" }.map(\.name)
            let order = library["order"]?.arrayValue?.compactMap(\.stringValue) ?? []
            #expect(made == order.filter { made.contains($0) }, "\(name)")
        }
    }
}
