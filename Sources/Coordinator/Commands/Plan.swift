import ArgumentParser
import JSON
import Workflow

struct Plan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What a job would come to: columns in order, calls, tokens, caps, time, bytes. Nothing is called.",
        discussion: """
            Prompts are measured on the job's first records; the length of answers is taken from max_tokens where it is \
            set, and assumed where it is not. Times are what the caps allow at the speed assumed, or at --rate.
            """)

    @Argument(help: "A Data Designer workflow file, YAML or JSON; - for stdin.")
    var workflow: String

    @Option(name: [.customShort("n"), .long], parsing: .unconditional, help: "How many records to generate.")
    var records: Int64

    @Option(help: "Calls a second that every model answers; by default from the caps and an assumed speed.")
    var rate: Double?

    @Option(parsing: .unconditional, help: "The job's seed; the records that are looked at depend on it.")
    var seed: UInt64 = 0

    @Option(name: [.customShort("o"), .customLong("output")], help: "table or json.")
    var format: OutputFormat = .table

    func validate() throws {
        try RecordCount.check(records)
        if let rate, rate <= 0 { throw ValidationError("--rate must be above 0.") }
    }

    func run() async throws {
        let estimate = try PlanEstimate(
            try WorkflowFile(workflow, capabilities: .withoutModels), records: records, rate: rate, seed: seed)
        switch format {
        case .json: Output.line(estimate.json.serialized())
        case .table: for line in estimate.lines { Output.line(line) }
        }
    }
}
