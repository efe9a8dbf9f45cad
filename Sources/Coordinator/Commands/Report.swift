import ArgumentParser
import Export
import JSON
import Postgres
import Statistics
import Store
import Workflow

struct Report: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What a job made, in figures: columns, tokens and calls, failures.",
        discussion: """
            Of the complete records in finished row groups, also while the job runs. Different values are counted exactly up \
            to 2,048, then within about 2 %; medians and percentiles are within about 1 % of the ranks. CALLS are those \
            that were sent, FAILED those that were charged: a value may take several calls, and one that its endpoint \
            refused (429, 503) is neither stored nor charged. The same object is \
            `report` in the metadata.json of an export.
            """)

    @Argument(help: "The job: a unique prefix of its id, or its name.")
    var job: String

    @Option(name: [.customShort("o"), .customLong("output")], help: "table or json.")
    var format: OutputFormat = .table

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let database = try await ClientDatabase(try common.load())
        let found = try await database.job(job)
        let loaded = Workflow.load(
            text: found.workflow, name: "workflow of job \(found.id.short)", format: .json,
            seedColumns: found.seedData?.columns)
        guard let workflow = loaded.workflow else {
            throw CommandFailure(.ourBug, "the stored workflow cannot be read: \(loaded.problems.first?.message ?? "")")
        }
        let report = try await DatasetReport.read(try await database.progress(found), workflow, pool: database.pool)
        await database.close()
        switch format {
        case .json: Output.line(report.json.serialized())
        case .table: for line in report.lines { Output.line(line) }
        }
    }
}
