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
        let progress = try await database.progress(found, drops: true)
        let report = JobReport(progress: progress, heldBack: try await heldBack(progress, database))
        await database.close()
        switch format {
        case .json: Output.line(report.json.serialized())
        case .table: for line in report.lines { Output.line(line) }
        }
        if exitCode, report.exit != .done { throw ExitCode(report.exit.rawValue) }
    }

    /// What its routes wait for, or are held back by.
    private func heldBack(_ progress: JobProgress, _ database: ClientDatabase) async throws -> [String] {
        let job = progress.job
        guard !job.state.isEnded else { return [] }
        if try await !database.hasCoordinator() { return [JobWatch.noCoordinator] }
        guard progress.cancelling == nil, job.state == .running || job.state == .waiting else { return [] }
        let report = RouteReport(try await LimitStore(pool: database.pool).standings())
        let unfinished = Set(progress.columns.filter { $0.stored < job.requested }.map(\.model))
        let workers = WorkerReport(
            try await WorkerStore(pool: database.pool).standings(within: Int(WorkerReport.silence)))
        return report.heldBack(JobCaps(job).byRoute.filter { unfinished.contains($0.key) })
            + workers.unusable(unfinished)
    }
}

enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json
}
