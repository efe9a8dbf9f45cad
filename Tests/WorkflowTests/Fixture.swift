import Foundation
import JSON
import Testing
import Workflow

/// Workflow files as Data Designer 0.9.6 writes them.
enum Fixture {
    static let names = [
        "01-basic-review", "02-all-samplers", "03-structured-judge", "04-code-validation", "05-seeded-embedding",
        "06-skip-pipeline", "07-multimodal-tools", "08-callables-not-portable", "09-seed-directory",
        "10-seed-file-contents", "11-seed-agent-rollout",
    ]

    static func path(_ file: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/\(file)").path
    }

    static func text(_ file: String) throws -> String {
        try String(contentsOf: URL(fileURLWithPath: path(file)), encoding: .utf8)
    }

    static func load(_ file: String) throws -> Workflow {
        let loaded = Workflow.load(path: path(file), capabilities: nil)
        #expect(loaded.problems.isEmpty)
        return try #require(loaded.workflow)
    }
}

/// The problems of a YAML text, without what the engine does not run yet.
func problems(_ yaml: String, capabilities: Capabilities? = nil) -> [String] {
    Workflow.load(text: yaml, name: "f.yaml", format: .yaml, capabilities: capabilities).problems.map(\.description)
}

/// The problems of a workflow with these columns, indented by two, and one model `writer`.
func columnProblems(_ columns: String, more: String = "") -> [String] {
    problems(
        """
        model_configs:
          - {alias: writer, model: m, provider: p}
        columns:
        \(columns)
        \(more)
        """
    ).map { String($0.drop { $0 != " " }.drop { $0 == " " }) }
}

func workflow(_ yaml: String) throws -> Workflow {
    let loaded = Workflow.load(text: yaml, name: "f.yaml", format: .yaml, capabilities: nil)
    #expect(loaded.problems.map(\.description) == [])
    return try #require(loaded.workflow)
}
