import ArgumentParser
import JSON
import Store

struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "The jobs, newest first.")

    @Option(help: "Only jobs in this state; may be repeated.")
    var state: [JobState] = []

    @Option(parsing: .unconditional, help: "How many at most.")
    var limit = 20

    @Option(name: [.customShort("o"), .customLong("output")], help: "table or json.")
    var format: OutputFormat = .table

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be at least 1.") }
    }

    func run() async throws {
        let database = try await ClientDatabase(try common.load())
        let jobs = try await database.jobs.list(states: state, limit: limit)
        await database.close()
        switch format {
        case .json: Output.line(JSONValue.array(jobs.map(\.json)).serialized())
        case .table:
            var table = TextTable(["JOB", "NAME", "STATE", "COMPLETED", "DROPPED", "REQUESTED", "AGE"])
            for job in jobs {
                table.add([
                    job.id.short, job.name, job.isStopping ? JobReport.cancelling : job.state.rawValue,
                    "\(Grouped(job.completed))", "\(Grouped(job.dropped))",
                    "\(Grouped(job.requested))", Age(seconds: job.ageSeconds).description,
                ])
            }
            for line in table.lines { Output.line(line) }
        }
    }
}

extension JobState: ExpressibleByArgument {}

extension JobSummary {
    /// Schema `job-summary/v1`.
    fileprivate var json: JSONValue {
        [
            "schema": "job-summary/v1", "id": .string(id.rawValue), "name": .string(name),
            "state": .string(state.rawValue), "stopping": .bool(isStopping), "reason": .string(reason),
            "requested": .integer(requested),
            "completed": .integer(completed), "dropped": .integer(dropped),
            "age_seconds": .integer(Int64(ageSeconds)),
        ]
    }
}
