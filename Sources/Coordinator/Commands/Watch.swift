import ArgumentParser
import Foundation
import Store
import Telemetry

struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Follow a job live until it ends; Ctrl-C detaches, the job goes on. Exit codes as of wait.")

    @Argument(help: "The job: a unique prefix of its id, or its name.")
    var job: String

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let database = try await ClientDatabase(try common.load())
        let found = try await database.job(job)
        let style: JobWatch.Style = Talk.isTerminal ? .panel : .plain
        let signals = Task {
            for await signal in SignalStream.terminations() {
                Talk.line("detached; the job goes on. coordinator watch \(found.id.short)")
                Foundation.exit(signal.exitCode)
            }
        }
        defer { signals.cancel() }
        let exit = try await JobWatch(database: database, job: found, progress: style).untilEnd(timeout: nil)
        await database.close()
        if exit != .done { throw ExitCode(exit.rawValue) }
    }
}
