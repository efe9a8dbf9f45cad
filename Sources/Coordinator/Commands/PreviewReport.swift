import JSON
import Records
import Workflow

/// What `preview` shows of some records.
struct PreviewReport {
    /// Those that are not dropped, each with the cells it has.
    let records: [JSONValue]
    /// What a person should know about what is not there.
    let notes: [String]
    let lines: [String]

    private static let widest = 160

    init(sample: RecordSample, seed: UInt64) {
        let workflow = sample.workflow
        let output = OutputColumns(workflow: workflow)
        // Side effects are of models' calls, which are not made here.
        let kept = output.kept.filter(workflow.columns.indices.contains)
        let transforms = workflow.processors.compactMap { SchemaTransform($0, in: workflow, seed: seed) }
        let width = kept.map { workflow.columns[$0].name.count }.max() ?? 0
        var records: [JSONValue] = []
        var lines: [String] = []
        var notes: [String] = []
        for (number, result) in sample.results.enumerated() {
            lines.append("record \(number)")
            if let drop = result.drop {
                let name = workflow.columns[drop.column].name
                lines.append("  dropped at \(name): \(drop.message)")
                notes.append("record \(number) is dropped at \(name): \(drop.message)")
                continue
            }
            var members = JSONObject()
            for place in kept {
                let column = workflow.columns[place]
                if let value = result.values[place] { members[column.name] = value }
                let skipped = result.leftOut.contains(place) ? "  (skipped)" : ""
                lines.append(
                    "  \(Self.padded(column.name, width))  "
                        + (result.values[place].map { Self.shown($0) + skipped } ?? Self.reason(place, workflow)))
            }
            records.append(.object(members))
            for transform in transforms where !Self.isOpen(transform, result, workflow) {
                do throws(ComputationError) {
                    let document = try transform.document(of: Int64(number)) { result.values[$0] }
                    lines.append("  \(transform.name): \(Self.shown(document))")
                } catch {
                    notes.append("\(transform.name) fails on record \(number): \(error.message)")
                }
            }
        }
        let open = kept.filter { place in sample.results.contains { $0.drop == nil && $0.values[place] == nil } }
        if !open.isEmpty {
            notes.append(
                "not made here: "
                    + open.map { "\(workflow.columns[$0].name) (\(Self.reason($0, workflow)))" }.joined(separator: ", ")
            )
        }
        self.records = records
        self.lines = lines
        self.notes = notes
    }

    /// Whether the transform uses a cell that a model would have to make.
    private static func isOpen(
        _ transform: SchemaTransform, _ result: RecordComputation.Result, _ workflow: Workflow
    ) -> Bool {
        transform.columns.contains { result.values[$0] == nil }
    }

    /// Why a cell is not there.
    private static func reason(_ place: Int, _ workflow: Workflow) -> String {
        let column = workflow.columns[place]
        if let alias = column.modelAlias { return "\(column.typeName), by the model \(alias)" }
        switch column.kind {
        case .validation: return "a validation"
        case .custom: return "a Python function, which is not in the file"
        default: break
        }
        return "needs a column that a model writes"
    }

    /// On one line.
    private static func shown(_ value: JSONValue) -> String {
        let text = value.stringValue ?? value.serialized()
        let line = text.split(omittingEmptySubsequences: false) { $0.isNewline }.joined(separator: "\\n")
        return line.count > widest ? line.prefix(widest - 1) + "…" : line
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
