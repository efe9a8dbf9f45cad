import ArgumentParser
import Store

struct Cancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stop a job: calls under way end and are kept, nothing more is sent.")

    @Argument(help: "The job: a unique prefix of its id, or its name.")
    var job: String

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let database = try await ClientDatabase(try common.load())
        let found = try await database.job(job)
        guard !found.state.isEnded else {
            await database.close()
            throw CommandFailure(.conflict, "job \(found.id.short) is \(found.state.rawValue) already")
        }
        let wish = try await database.jobs.wish("cancel", for: found.number)
        for _ in 0..<150 {
            if let answer = try await database.jobs.answer(to: wish) {
                Talk.line("job \(found.id.short): \(answer)")
                return await database.close()
            }
            try await Task.sleep(for: .milliseconds(200))
        }
        await database.close()
        throw CommandFailure(
            .timeout, "no coordinator has answered yet; the wish is stored and will be carried out",
            next: "Is one running? coordinator serve")
    }
}
