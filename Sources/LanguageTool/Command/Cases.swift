import ArgumentParser
import JSON
import Records
import Workflow

/// Tessera's side of the comparison with the library (scripts/test-differential): a case on each line of stdin, its
/// outcome on each line of stdout.
struct Cases: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read cases from stdin, one JSON object a line, and print what becomes of each.",
        discussion: """
            A case: {"name": NAME, "format": "yaml" or "json", "text": FILE, "records": [...]}. Its outcome: what \
            coordinator validate -o json prints, and under "rendered" the computed columns of each record by its id; \
            a record that was given up is not there.
            """)

    func run() throws {
        while let line = readLine() {
            let value = try JSONValue(parsing: Array(line.utf8))
            let name = value["name"]?.stringValue ?? "case"
            let format: WorkflowFormat = value["format"]?.stringValue == "json" ? .json : .yaml
            let text = value["text"]?.stringValue ?? ""
            let records = value["records"]?.arrayValue
            let seedColumns = records?.first?.objectValue?.keys
            let loaded = Workflow.load(
                text: text, name: name, format: format, seedColumns: seedColumns, capabilities: nil)
            var outcome = loaded.json(file: name)
            if let workflow = loaded.workflow, let records { outcome["rendered"] = Self.rendered(workflow, records) }
            print(JSONValue.object(outcome).serialized())
        }
    }

    private static func rendered(_ workflow: Workflow, _ records: [JSONValue]) -> JSONValue {
        let computation = RecordComputation(workflow: workflow, seed: 0)
        var rendered: JSONObject = [:]
        for (number, record) in records.enumerated() {
            let result = computation.result(of: Int64(number), given: workflow.columns.map { record[$0.name] })
            guard result.drop == nil else { continue }
            var fields: JSONObject = [:]
            for (column, value) in zip(workflow.columns, result.values) where column.kind != .seed {
                fields[column.name] = value
            }
            rendered[record["id"]?.stringValue ?? "\(number)"] = .object(fields)
        }
        return .object(rendered)
    }
}
