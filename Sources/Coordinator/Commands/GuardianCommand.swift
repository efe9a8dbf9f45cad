import ArgumentParser
import LocalServices

/// Started by `run`: waits until `run` is gone, however it ended, and stops what it started.
struct GuardianCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "guardian", shouldDisplay: false)

    func run() { Guardian.main() }
}
