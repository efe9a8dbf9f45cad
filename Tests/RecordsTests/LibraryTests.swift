import Foundation
import JSON
import Records
import Testing
import Workflow

/// Workflows and records with what Data Designer 0.9.6 computed of them: `scripts/differential-records.py --write`.
struct LibraryTests {
    struct Case: Sendable {
        let number: Int
        let workflow: String
        let records: [JSONValue]
        let expected: [JSONValue]

        static let all: [Case] = {
            guard let url = Bundle.module.url(forResource: "records", withExtension: "jsonl", subdirectory: "Corpus"),
                let text = try? String(contentsOf: url, encoding: .utf8)
            else { return [] }
            return text.split(separator: "\n").enumerated().compactMap { number, line in
                guard let value = try? JSONValue(parsing: String(line)) else { return nil }
                return Case(
                    number: number, workflow: value["workflow"]?.serialized() ?? "",
                    records: value["records"]?.arrayValue ?? [], expected: value["expected"]?.arrayValue ?? [])
            }
        }()
    }

    @Test func `the same records come to the same values, gaps, documents and drops`() throws {
        #expect(Case.all.count >= 80)
        for example in Case.all {
            let loaded = Workflow.load(
                text: example.workflow, name: "case \(example.number)", format: .json, capabilities: nil)
            let workflow = try #require(loaded.workflow, "case \(example.number): \(loaded.problems)")
            let computation = RecordComputation(workflow: workflow, seed: 0)
            let transforms = workflow.processors.compactMap { SchemaTransform($0, in: workflow, seed: 0) }
            for (record, (given, expected)) in zip(example.records, example.expected).enumerated() {
                let result = computation.result(of: Int64(record), given: workflow.columns.map { given[$0.name] })
                let actual = Self.shown(result, record, workflow, transforms)
                if actual != expected {
                    Issue.record(
                        """
                        case \(example.number), record \(record): \(example.workflow)
                        given \(given)
                        library \(expected)
                        here    \(actual)
                        """)
                }
            }
        }
    }

    private static func shown(
        _ result: RecordComputation.Result, _ record: Int, _ workflow: Workflow, _ transforms: [SchemaTransform]
    ) -> JSONValue {
        if let drop = result.drop { return ["dropped": .string(workflow.columns[drop.column].name)] }
        var fields = JSONObject()
        for (column, value) in zip(workflow.columns, result.values) { if let value { fields[column.name] = value } }
        var documents = JSONObject()
        for transform in transforms {
            let document = try? transform.document(of: Int64(record)) { result.values[$0] }
            documents[transform.name] = document ?? ["error": true]
        }
        return [
            "fields": .object(fields),
            "skipped": .array(result.leftOut.sorted().map { .string(workflow.columns[$0].name) }),
            "documents": .object(documents),
        ]
    }
}
