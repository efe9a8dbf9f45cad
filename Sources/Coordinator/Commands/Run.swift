import ArgumentParser
import Foundation
import Glibc
import LocalServices
import Logging
import Settings
import Telemetry
import Workflow

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "All in one on this machine: private services, a coordinator, workers; generate, watch, export.",
        discussion: """
            Needs no running services: a private PostgreSQL and RabbitMQ are started, with their data under \
            --state-dir, and stopped at the end, however this ends. Ctrl-C stops; the same command again in the same \
            folder goes on with the unfinished job.
            """)

    @Argument(help: "A Data Designer workflow file, YAML or JSON; - for stdin.")
    var workflow: String

    @Option(name: [.customShort("n"), .long], parsing: .unconditional, help: "How many records to generate.")
    var records: Int64

    @Option(help: "The file that maps providers to endpoints.")
    var providers: String?

    @Flag(help: "Answer every model from the built-in inference simulator.")
    var simulate = false

    @Option(parsing: .unconditional, help: "How long a simulated call takes, in milliseconds.")
    var simulatedLatency = 100

    @Option(parsing: .unconditional, help: "How many workers to start.")
    var workers = 2

    @Option(help: "The job's name; by default the file's.")
    var name: String?

    @Option(
        parsing: .unconditional, help: "The job's seed: same workflow, seed and -n, same records. Drawn when absent.")
    var seed: UInt64?

    @Option(help: ArgumentHelp("Data Designer's RunConfig as a file, YAML or JSON; - for stdin.", valueName: "file"))
    var runConfig: String?

    @Option(name: [.customShort("f"), .long], help: "jsonl.")
    var format: ExportFormat = .jsonl

    @Option(help: "The folder to export to; by default artifacts/NAME.")
    var to: String?

    @Option(help: "Where the private services keep their data.")
    var stateDir = ".tessera"

    @Flag(help: "Write even if the output folder holds something else.")
    var force = false

    @OptionGroup var options: LocalOptions

    func validate() throws {
        try RecordCount.check(records)
        guard workers > 0 else { throw ValidationError("--workers must be at least 1.") }
        if let name { try JobName.check(name) }
        try OutputFolder.checkName(to)
        guard !simulate || providers == nil else {
            throw ValidationError("Either --providers FILE or --simulate.")
        }
    }

    func run() async throws {
        let settings = try options.load()
        let file = try WorkflowFile(workflow, capabilities: .current(holding: settings.hold))
        guard simulate || providers != nil || !file.usesEndpoints else {
            throw CommandFailure(
                .usage, file.usesModels ? "the workflow calls models" : "the workflow calls endpoints",
                next: "Name the endpoints with --providers FILE, or try it with --simulate.")
        }
        if let providers { try ProvidersCheck.run(providers, for: file) }
        try checkFolders()
        try MissingTools.check(file)
        var submission = Submission(file: file, records: records, name: name, seed: seed)
        submission.runSettings = try RunSettings.reading(runConfig)
        let session = RunSession(
            submission: submission, endpoints: providers.map(RunSession.Endpoints.file) ?? .simulator(simulatedLatency),
            workers: workers, stateDirectory: stateDir, folder: to, force: force,
            settings: settings,
            logger: Logger(label: "run"))

        try await generate(session)
    }

    /// What is in the way of the result is told before anything is started.
    private func checkFolders() throws(CommandFailure) {
        // Without --to the job's name decides, which is known later.
        try OutputFolder.check(to ?? "artifacts", for: nil, force: force || to == nil)
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: stateDir, isDirectory: &isFolder), !isFolder.boolValue {
            throw CommandFailure(.cannotWrite, "--state-dir \(stateDir) is a file")
        }
    }

    /// Carries the session out; it is stopped in any case.
    private func generate(_ session: RunSession) async throws {
        let work = Task { try await session.work() }
        let interruption = Interruption()
        let signals = Task {
            for await signal in SignalStream.terminations() {
                if await interruption.note(signal) {
                    Talk.line("stopping; a second signal kills")
                    work.cancel()
                } else {
                    // The guardian stops what runs.
                    Glibc.exit(signal.exitCode)
                }
            }
        }
        let result = await work.result
        await session.stop()
        signals.cancel()
        if let signal = await interruption.signal {
            Talk.line("stopped. The same command in this folder goes on with the job.")
            throw ExitCode(signal.exitCode)
        }
        let end = try result.get()
        if end != .done { throw ExitCode(end.rawValue) }
    }
}

/// Which signal asked for the end first.
private actor Interruption {
    private(set) var signal: TerminationSignal?

    /// True for the first one.
    func note(_ signal: TerminationSignal) -> Bool {
        defer { self.signal = self.signal ?? signal }
        return self.signal == nil
    }
}
