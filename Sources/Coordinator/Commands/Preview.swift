import ArgumentParser
import JSON
import Records
import Workflow

struct Preview: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the first records of a job here and now: no broker, no database, no model.",
        discussion: """
            Samplers, seed data, expressions, skip rules and schema transforms are computed as a job would, with the \
            same values for the same seed. Columns that a model writes are named, not made.
            """)

    @Argument(help: "A Data Designer workflow file, YAML or JSON.")
    var workflow: String

    @Option(name: [.customShort("n"), .long], help: "How many records to show.")
    var records: Int64 = 10

    @Option(help: "The seed; a job submitted with it begins with these records. Drawn when absent.")
    var seed: UInt64?

    @Option(name: [.customShort("o"), .customLong("output")], help: "table, json (an array of records) or jsonl.")
    var format: RecordFormat = .table

    func validate() throws {
        guard (1...100_000).contains(records) else { throw ValidationError("-n must be from 1 to 100000.") }
    }

    func run() async throws {
        let file = try WorkflowFile(workflow, capabilities: .withoutModels)
        var random = SystemRandomNumberGenerator()
        let seed = seed ?? random.next()
        let report = PreviewReport(
            sample: try RecordSample(file, records: records, seed: seed), seed: seed)
        switch format {
        case .table: for line in report.lines { Output.line(line) }
        case .json: Output.line(JSONValue.array(report.records).serialized(.pretty()))
        case .jsonl: for record in report.records { Output.line(record.serialized()) }
        }
        for note in report.notes { Talk.line(note) }
        Talk.line("seed \(seed): coordinator submit \(workflow) -n N --seed \(seed) begins with these records")
    }
}

enum RecordFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, jsonl
}
