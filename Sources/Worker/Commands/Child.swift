import ArgumentParser
import Delivering
import Logging
import Telemetry

/// What a worker starts for cells that may have ended a worker before; nobody else does.
struct Child: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make calls for a worker (started by it).", shouldDisplay: false)

    @OptionGroup var options: WorkerOptions

    @Option(help: "Memory it may take, in bytes.")
    var memoryBytes: UInt64

    func run() async throws {
        ChildService.prepareProcess(memoryBytes: memoryBytes)
        let settings = try options.settings()
        WorkerOptions.startLogging(settings, quiet: .warning)
        try await ChildService(providers: try WorkerOptions.providers(settings)).run()
    }
}
