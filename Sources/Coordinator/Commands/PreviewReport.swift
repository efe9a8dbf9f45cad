import JSON
import Previewing
import Records
import Workflow

/// What `preview` shows of some records.
struct PreviewReport {
    /// Those that are not dropped, each with the cells it has.
    let records: [JSONValue]
    /// What a person should know about what is not there.
    let notes: [String]
    /// Which records are dropped, and why: `lines` has it too.
    let drops: [String]
    let lines: [String]
    let dropped: Int

    /// - Parameter width: of a line, for a person.
    init(_ results: [PreviewedRecord], of workflow: Workflow, seed: UInt64, width: Int) {
        let kept = OutputColumns(workflow: workflow).kept
        let transforms = workflow.processors.compactMap { SchemaTransform($0, in: workflow, seed: seed) }
        let text = RecordText(workflow: workflow, shown: kept, width: width)
        var records: [JSONValue] = []
        var lines: [String] = []
        var notes: [String] = []
        var drops: [String] = []
        for (number, result) in results.enumerated() {
            if number > 0 { lines.append("") }
            lines.append(text.heading(Int64(number)))
            if let drop = result.drop {
                let name = workflow.columns[drop.column].name
                lines.append("dropped at \(name): \(FoldedText.harmless(drop.message))")
                drops.append("record \(number) is dropped at \(name): \(FoldedText.harmless(drop.message))")
                continue
            }
            var members = JSONObject()
            for place in kept {
                if let value = result.values[place] {
                    members[workflow.valueName(place)] = value
                    lines += text.lines(of: value, number: place, isSkipped: result.leftOut.contains(place))
                } else if workflow.columns.indices.contains(place) {
                    lines += text.line(Self.reason(place, workflow), number: place)
                }
            }
            records.append(.object(members))
            for transform in transforms where !transform.columns.contains(where: { result.values[$0] == nil }) {
                do throws(ComputationError) {
                    let document = try transform.document(of: Int64(number)) { result.values[$0] }
                    lines += text.lines(of: document, named: transform.name)
                } catch {
                    notes.append("\(transform.name) fails on record \(number): \(error.message)")
                }
            }
        }
        let open = kept.filter { place in
            workflow.columns.indices.contains(place) && results.contains { $0.drop == nil && $0.values[place] == nil }
        }
        if !open.isEmpty {
            let names = open.map { "\(workflow.columns[$0].name) (\(Self.reason($0, workflow)))" }
            notes.append("not made here: " + names.joined(separator: ", "))
        }
        self.records = records
        self.lines = lines
        self.notes = notes
        self.drops = drops
        dropped = results.count { $0.drop != nil }
    }

    /// Why a cell is not there.
    private static func reason(_ place: Int, _ workflow: Workflow) -> String {
        let column = workflow.columns[place]
        if let alias = column.modelAlias { return "\(column.typeName), by the model \(alias)" }
        switch column.kind {
        case .validation: return "a validation"
        case .http(let http): return "by the endpoint of \(http.provider)"
        case .custom: return "a Python function, which is not in the file"
        default: return "needs a column that is not made"
        }
    }
}

extension RecordSample {
    /// As a preview shows them.
    var previewed: [PreviewedRecord] {
        results.map { PreviewedRecord(values: $0.values, leftOut: $0.leftOut, drop: $0.drop) }
    }
}
