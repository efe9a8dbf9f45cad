import ArgumentParser
import JSON
import Store

struct Failures: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What failed in a job, and how often: charged attempts, grouped.")

    @Argument(help: "The job: a unique prefix of its id, or its name.")
    var job: String

    @Option(help: "reason, column or model.")
    var by: FailureGrouping = .reason

    @Option(help: "How many groups at most.")
    var limit = 20

    @Option(name: [.customShort("o"), .customLong("output")], help: "table or json.")
    var format: OutputFormat = .table

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let database = try await ClientDatabase(try common.load())
        let found = try await database.job(job)
        let groups = try await database.jobs.failures(of: found.number, by: by, limit: limit)
        await database.close()
        switch format {
        case .json: Output.line(JSONValue.array(groups.map { $0.json(by) }).serialized())
        case .table:
            var table = TextTable([by.rawValue.uppercased(), "ATTEMPTS", "RECORDS", "DROPPED", "MESSAGE"])
            for group in groups {
                table.add([
                    group.key, "\(Grouped(group.attempts))", "\(Grouped(group.records))", "\(Grouped(group.dropped))",
                    group.message,
                ])
            }
            for line in table.lines { Output.line(line) }
        }
    }
}

extension FailureGrouping: ExpressibleByArgument {}

extension FailureGroup {
    /// Schema `failures/v1`.
    fileprivate func json(_ grouping: FailureGrouping) -> JSONValue {
        [
            "schema": "failures/v1", "by": .string(grouping.rawValue), "key": .string(key),
            "attempts": .integer(attempts), "records": .integer(records), "dropped": .integer(dropped),
            "message": .string(message),
        ]
    }
}
