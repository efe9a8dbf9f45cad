import ArgumentParser
import Glibc
import Telemetry

@main
struct WorkerTool: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Takes tasks from the broker, calls models, and gives the results back.",
        discussion: """
            A worker needs one connection to the broker and its endpoints, nothing else. Endpoints and keys are its \
            own (providers.yaml and environment) and never travel.

            stdout is data, stderr is talk. Exit codes: 0 done as asked, 64 usage, 69 not reachable, \
            78 configuration wrong, 130 and 143 ended by a second signal.
            """,
        version: BuildInfo.version,
        subcommands: [Run.self, Check.self, Version.self, Child.self])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            Console.talk("error: \(failure.message)")
            for line in failure.details { Console.talk("  \(line)") }
            Glibc.exit(failure.exit.rawValue)
        } catch {
            exit(withError: error)
        }
    }
}

struct Version: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print the version.")

    func run() { Console.put("worker \(BuildInfo.version)") }
}
