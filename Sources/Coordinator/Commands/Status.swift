import ArgumentParser
import JSON
import Store

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "How far a job is, on one screen.")

    @Argument(help: "The job: a unique prefix of its id, or its name.")
    var job: String

    @Option(name: [.customShort("o"), .customLong("output")], help: "table or json.")
    var format: OutputFormat = .table

    @Flag(help: "Exit as wait would; 8 while the job is still running.")
    var exitCode = false

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let database = try await ClientDatabase(try common.load())
        let found = try await database.job(job)
        let report = JobReport(
            progress: try await database.progress(found), drops: try await database.jobs.dropReasons(of: found),
            heldBack: try await heldBack(found, database))
        await database.close()
        switch format {
        case .json: Output.line(report.json.serialized())
        case .table: for line in report.lines { Output.line(line) }
        }
        if exitCode, report.exit != .done { throw ExitCode(report.exit.rawValue) }
    }

    /// What its routes wait for, or are held back by.
    private func heldBack(_ job: Job, _ database: ClientDatabase) async throws -> [String] {
        guard !job.state.isEnded else { return [] }
        let report = RouteReport(try await LimitStore(pool: database.pool).standings())
        return report.heldBack(JobCaps(job).byRoute)
    }
}

enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json
}
