import ArgumentParser
import Foundation
import JSON
import Records
import Workflow

/// Computes expressions, skip rules and transforms over given records: what the differential test compares with Data
/// Designer (docs/compatibility.md).
///
/// Each line of stdin is an object of cells by column: the sampled, seeded and generated ones. Each line of stdout is
/// `{"fields": {...}, "skipped": [...], "documents": {...}}`, or `{"dropped": COLUMN, "message": ...}`.
struct ComputeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compute", abstract: "Compute given records; for tests.", shouldDisplay: false)

    @Argument var workflow: String
    @Option var seed: UInt64 = 0

    func run() throws {
        let loaded = Workflow.load(path: workflow, capabilities: nil)
        guard let workflow = loaded.workflow else {
            throw CommandFailure(
                .invalidWorkflow, "the workflow is not valid", details: loaded.problems.map(\.description))
        }
        let computation = RecordComputation(workflow: workflow, seed: seed)
        let transforms = workflow.processors.compactMap { SchemaTransform($0, in: workflow, seed: seed) }
        var record: Int64 = 0
        while let line = readLine() {
            guard let given = try? JSONValue(parsing: line) else {
                throw CommandFailure(.invalidWorkflow, "line \(record + 1) is not JSON")
            }
            let result = computation.result(
                of: record,
                given: (0..<(workflow.columns.count + workflow.sideEffects.count)).map { given[workflow.valueName($0)] }
            )
            Output.line(Self.shown(result, record, workflow, transforms).serialized())
            record += 1
        }
    }

    private static func shown(
        _ result: RecordComputation.Result, _ record: Int64, _ workflow: Workflow, _ transforms: [SchemaTransform]
    ) -> JSONValue {
        if let drop = result.drop {
            return ["dropped": .string(workflow.columns[drop.column].name), "message": .string(drop.message)]
        }
        var fields = JSONObject()
        for (column, value) in zip(workflow.columns, result.values) { if let value { fields[column.name] = value } }
        var documents = JSONObject()
        for transform in transforms {
            do throws(ComputationError) {
                documents[transform.name] = try transform.document(of: record) { result.values[$0] }
            } catch {
                documents[transform.name] = ["error": .string(error.message)]
            }
        }
        return [
            "fields": .object(fields),
            "skipped": .array(result.leftOut.sorted().map { .string(workflow.columns[$0].name) }),
            "documents": .object(documents),
        ]
    }
}
