import JSON
import Records
import Testing
import Workflow

struct ProcessorTests {
    private func workflow(_ processors: String) throws -> Workflow {
        let text = """
            columns:
              - {name: late, column_type: expression, expr: "{{ a }}"}
              - {name: a, column_type: sampler, sampler_type: category, params: {values: [x]}}
              - {name: b, column_type: sampler, sampler_type: category, params: {values: [x]}, drop: true}
              - {name: minutes_b, column_type: expression, expr: "{{ a }}"}
            processors:
            \(processors)
            """
        let loaded = Workflow.load(text: text, name: "t.yaml", format: .yaml, capabilities: nil)
        return try #require(loaded.workflow, "\(loaded.problems)")
    }

    private func document(_ template: String, _ values: [String: JSONValue]) throws -> JSONValue {
        let workflow = try workflow("  - {name: chat, processor_type: schema_transform, template: \(template)}")
        let transform = try #require(
            workflow.processors.compactMap { SchemaTransform($0, in: workflow, seed: 1) }.first)
        return try transform.document(of: 0) { values[workflow.columns[$0].name] }
    }

    @Test func `samplers stand before the columns of the file, and dropped ones stand apart`() throws {
        let workflow = try workflow("  - {name: tidy, processor_type: drop_columns, column_names: [\"minutes_*\"]}")
        let output = OutputColumns(workflow: workflow)
        #expect(output.kept.map { workflow.columns[$0].name } == ["a", "late"])
        #expect(output.dropped.map { workflow.columns[$0].name } == ["b", "minutes_b"])
    }

    @Test func `a transform escapes what it puts into strings and keeps constants`() throws {
        let made = try document(
            "{m: [{role: user, content: \"{{ a }}\"}], n: 7, t: \"{{ b }}\", up: \"{{ late | upper }}\"}",
            ["a": "say \"hi\"\n", "b": true, "late": "x", "minutes_b": .null])
        #expect(
            made == [
                "m": [["role": "user", "content": "say \"hi\"\n"]], "n": 7, "t": "true", "up": "X",
            ])
        let other = try document(
            "{i: \"{{ a }}\", n: \"{{ b }}\", d: \"{{ late }}\"}",
            ["a": 1, "b": .null, "late": ["k": ["v"]]])
        #expect(other == ["i": "1", "n": "null", "d": "{\"k\": [\"v\"]}"])
    }

    @Test func `a transform that fails says so`() throws {
        #expect(throws: ComputationError.self) { try document("{x: \"{{ a.b.c }}\"}", ["a": [:]]) }
    }

    @Test(arguments: ["../up", "a/b", ".hidden", "''"])
    func `a processor's name is that of a folder`(name: String) {
        let loaded = Workflow.load(
            text: """
                columns: [{name: a, column_type: sampler, sampler_type: uuid, params: {}}]
                processors: [{name: \(name), processor_type: schema_transform, template: {x: "{{ a }}"}}]
                """, name: "t.yaml", format: .yaml, capabilities: nil)
        #expect(loaded.problems.contains { $0.description.contains("name") })
    }
}
