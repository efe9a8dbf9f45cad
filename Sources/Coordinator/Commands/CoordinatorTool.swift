import ArgumentParser
import Glibc
import Postgres
import Spelling
import Telemetry

@main
struct CoordinatorTool: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coordinator",
        abstract: "NeMo Data Designer workflows at cluster scale.",
        discussion: """
            Three to try first:
              coordinator run examples/product-reviews.yaml -n 1000 --simulate   all in one, on this machine
              coordinator submit workflow.yaml -n 1000000                        to a cluster
              coordinator status JOB                                             how far it is

            stdout is data, stderr is talk. Exit codes: 0 done as asked, 2 finished with dropped records, 3 failed or
            cancelled, 4 no such job, 5 conflict, 64 usage, 65 workflow invalid, 69 not reachable, 73 cannot write,
            75 paused, 78 configuration wrong, 124 --timeout passed.
            """,
        version: BuildInfo.version,
        subcommands: [
            Validate.self, Plan.self, Preview.self, RenderTemplate.self, Run.self, Submit.self, List.self, Status.self,
            Watch.self, Wait.self, Events.self, Failures.self, Routes.self, Workers.self, Report.self, Pause.self,
            Resume.self, Cancel.self,
            SetCommand.self, Retry.self, Delete.self, Export.self, Serve.self, Migrate.self, Schema.self,
            VersionCommand.self, ComputeCommand.self, GuardianCommand.self,
        ])

    /// A command that is not there, said before its options are complained about.
    private static func checkName(of arguments: [String]) throws(CommandFailure) {
        let words = arguments.first == "help" ? arguments.dropFirst() : arguments[...]
        let names = configuration.subcommands.map { $0._commandName }
        guard let name = words.first, !name.hasPrefix("-"), name != "help", !names.contains(name) else { return }
        throw CommandFailure(
            .usage, "no command \"\(name)\".\(Suggestion.question(for: name, among: names))",
            next: "All of them: coordinator --help")
    }

    static func main() async {
        do {
            try checkName(of: Array(CommandLine.arguments.dropFirst()))
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            Talk.line("error: \(failure.message)")
            for line in failure.details { Talk.line("  \(line)") }
            if let next = failure.next { Talk.line(next) }
            Glibc.exit(failure.exit.rawValue)
        } catch let error as PostgresError where error.isRetryable {
            let what = error.code == .statementFailed ? "cannot do it now" : "cannot be reached"
            Talk.line("error: the database \(what): \(error.message)")
            Glibc.exit(Exit.unreachable.rawValue)
        } catch {
            exit(withError: error)
        }
    }
}

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

    func run() { Output.line("coordinator \(BuildInfo.version)") }
}
