import ArgumentParser
import Glibc
import JSON
import Store

struct Delete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Remove a job with its records, for ever.")

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @OptionGroup var wish: WishOptions

    func validate() throws {
        guard !wish.job.isEmpty else { throw ValidationError("JOB is empty; is a variable unset?") }
    }

    func run() async throws {
        try await wish.carryOut("delete") { job, _ in
            if !yes { try confirm(job) }
            return [:]
        }
    }

    private func confirm(_ job: Job) throws(CommandFailure) {
        guard isatty(STDIN_FILENO) != 0 else {
            throw CommandFailure(.usage, "delete removes job \(job.name) and its records", next: "Add --yes.")
        }
        Talk.raw("Remove job \(job.name) (\(job.id.short)) and its records for ever? [y/N] ")
        guard readLine()?.lowercased().hasPrefix("y") == true else {
            throw CommandFailure(.other, "nothing was removed")
        }
    }
}
