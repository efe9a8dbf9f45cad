import ArgumentParser

struct Wait: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Wait until a job ends: exit 0 complete, 2 with dropped records, 3 failed or cancelled, 75 paused.")

    @Argument(help: "The job: a unique prefix of its id, or its name.")
    var job: String

    @Option(parsing: .unconditional, help: "Give up after so long (30s, 10m, 2h): exit 124.")
    var timeout: String?

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let settings = try common.load()
        let limit = try timeout.map { try DurationOption.parse($0, "--timeout") }
        let database = try await ClientDatabase(settings)
        let found = try await database.job(job)
        let exit = try await JobWatch(database: database, job: found, progress: .quiet).untilEnd(timeout: limit)
        await database.close()
        if exit != .done { throw ExitCode(exit.rawValue) }
    }
}
