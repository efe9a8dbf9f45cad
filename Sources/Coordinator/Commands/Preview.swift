import ArgumentParser
import Foundation
import Glibc
import Inference
import JSON
import Previewing
import Records
import Workflow

struct Preview: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the first records of a job here and now: no broker, no database, no workers.",
        discussion: """
            Samplers, seed data, expressions, skip rules and schema transforms are computed as a job would, with the \
            same values for the same seed; models are called as workers would, within their caps. Nothing is stored.
            """)

    @Argument(help: "A Data Designer workflow file, YAML or JSON; - for stdin.")
    var workflow: String

    @Option(name: [.customShort("n"), .long], parsing: .unconditional, help: "How many records to show.")
    var records: Int64 = 10

    @Option(
        parsing: .unconditional, help: "The seed; a job submitted with it begins with these records. Drawn when absent."
    )
    var seed: UInt64?

    @Option(help: "The file that maps providers to endpoints; without it, the built-in providers whose keys are set.")
    var providers: String?

    @Flag(help: "Answer every model from the built-in inference simulator.")
    var simulate = false

    @Option(parsing: .unconditional, help: "How long a simulated call takes, in milliseconds.")
    var simulatedLatency = 100

    @Flag(help: "Call no model: show what needs none, and name the rest.")
    var noModels = false

    @Option(help: ArgumentHelp("Data Designer's RunConfig as a file, YAML or JSON; - for stdin.", valueName: "file"))
    var runConfig: String?

    @Option(name: [.customShort("o"), .customLong("output")], help: "table, json (an array of records) or jsonl.")
    var format: RecordFormat = .table

    func validate() throws {
        guard (1...100_000).contains(records) else { throw ValidationError("-n must be from 1 to 100000.") }
        guard [simulate, providers != nil, noModels].count(where: { $0 }) <= 1 else {
            throw ValidationError("One of --providers FILE, --simulate and --no-models.")
        }
    }

    /// Records beyond which a preview that calls models is no preview.
    private static let mostMade: Int64 = 1000

    func run() async throws {
        let file = try WorkflowFile(workflow, capabilities: noModels ? .withoutModels : .current)
        var random = SystemRandomNumberGenerator()
        let seed = seed ?? random.next()
        let callsModels = !noModels && file.usesWorkers
        let results: [PreviewedRecord]
        var ended: PreviewStateMachine?
        if callsModels {
            guard records <= Self.mostMade else {
                throw CommandFailure(
                    .usage, "a preview that calls models makes at most \(Self.mostMade) records",
                    next: "For more: coordinator run \(workflow) -n \(records)")
            }
            try MissingTools.check(file)
            let machine = try await made(file, seed)
            results = machine.results
            ended = machine
        } else {
            results = try RecordSample(file, records: records, seed: seed).previewed
        }
        let report = PreviewReport(results, of: file.workflow, seed: seed, width: Self.width)
        show(report)
        if let ended { for line in PreviewUsageText.lines(ended) { Talk.line(line) } }
        Talk.line("seed \(seed): coordinator submit \(workflow) -n N --seed \(seed) begins with these records")
        if let stop = ended?.stop {
            let exit: Exit = stop.failure.kind.needsOperator ? .configuration : .unreachable
            throw CommandFailure(exit, "provider \(stop.provider) cannot be used: \(stop.failure)")
        }
        if report.dropped > 0 { throw ExitCode(Exit.finishedWithDrops.rawValue) }
    }

    private func made(_ file: WorkflowFile, _ seed: UInt64) async throws -> PreviewStateMachine {
        let session = PreviewSession(
            file: file, records: records, seed: seed, settings: try RunSettings.reading(runConfig),
            endpoints: simulate ? .simulator(simulatedLatency) : .file(providers),
            environment: ProcessInfo.processInfo.environment)
        let progress = PreviewProgress(isShown: Talk.isTerminal)
        return try await session.run { progress.show($0) }
    }

    private func show(_ report: PreviewReport) {
        switch format {
        case .table: for line in report.lines { Output.line(line) }
        case .json: Output.line(JSONValue.array(report.records).serialized(.pretty()))
        case .jsonl: for record in report.records { Output.line(record.serialized()) }
        }
        // A person has read in its place why a record is not there.
        for note in format == .table ? report.notes : report.drops + report.notes { Talk.line(note) }
    }

    /// Of the terminal that stdout is; 100 elsewhere.
    private static var width: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 100 }
        return min(160, Int(size.ws_col))
    }
}

enum RecordFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, jsonl
}
