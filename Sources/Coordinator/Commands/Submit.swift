import ArgumentParser
import Settings
import Store
import Workflow

struct Submit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Store a job; the coordinators generate its records. Prints the job's id.")

    @Argument(help: "A Data Designer workflow file, YAML or JSON; - for stdin.")
    var workflow: String

    @Option(name: [.customShort("n"), .long], parsing: .unconditional, help: "How many records to generate.")
    var records: Int64

    @Option(help: "The job's name; by default the file's.")
    var name: String?

    @Option(
        parsing: .unconditional, help: "The job's seed: same workflow, seed and -n, same records. Drawn when absent.")
    var seed: UInt64?

    @Option(parsing: .unconditional, help: "0 to 9; a job's part of an endpoint goes by priority + 1.")
    var priority = 4

    @Option(
        help: ArgumentHelp(
            "Most calls at a time of this job to a model, instead of the file's max_parallel_requests; repeatable.",
            valueName: "alias=n"))
    var maxParallel: [String] = []
    @Flag(
        help: "Keep records whose cells fail, with null in their place; they count as complete: retry passes them over."
    )
    var keepFailed = false

    @Option(help: "A key of your own: submitting again with it gives the same job.")
    var idempotencyKey: String?

    @Option(help: "With --name of an earlier job: never, always or if_possible; a larger -n extends it.")
    var resume: ResumeMode = .never

    @OptionGroup var bounds: BoundOptions

    @Option(help: ArgumentHelp("Data Designer's RunConfig as a file, YAML or JSON; - for stdin.", valueName: "file"))
    var runConfig: String?

    @Flag(help: "Wait until the job ends; exit codes as of wait.")
    var wait = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        try RecordCount.check(records)
        if let name { try JobName.check(name) }
        guard (0...9).contains(priority) else { throw ValidationError("--priority goes from 0 to 9.") }
        if resume != .never, name == nil { throw ValidationError("--resume needs the --name of the job.") }
    }

    func run() async throws {
        let settings = try common.load()
        let file = try WorkflowFile(workflow, capabilities: .current(holding: settings.hold))
        var submission = Submission(
            file: file, records: records, name: name, seed: seed, priority: priority,
            maximumParallel: try JobCaps.parse(maxParallel, for: file.workflow), keepsFailed: keepFailed,
            deadline: try bounds.duration(), maximumTokens: bounds.maxTokensTotal, idempotencyKey: idempotencyKey,
            resume: resume)
        submission.runSettings = try RunSettings.reading(runConfig)
        let database = try await ClientDatabase(settings)
        let job = try await submission.submit(to: database, seedData: try await submission.freeze(in: database))
        Output.line(job.id.rawValue)
        for line in submission.capLines { Talk.line(line) }
        if wait {
            let exit = try await JobWatch(database: database, job: job, progress: .plain).untilEnd(timeout: nil)
            await database.close()
            if exit != .done { throw ExitCode(exit.rawValue) }
        } else {
            Talk.line("watch it with: coordinator status \(job.id.short)")
            await database.close()
        }
    }
}

/// What becomes of a submission whose name a job has already.
enum ResumeMode: String, ExpressibleByArgument, CaseIterable {
    /// It is refused.
    case never
    /// That job goes on; refused when its workflow or seed is another.
    case always
    /// That job goes on where it can; else a new one is begun, with a name of its own.
    case ifPossible = "if_possible"
}
