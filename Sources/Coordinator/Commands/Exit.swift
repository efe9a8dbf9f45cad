/// The exit codes, a documented list (README, "Exit codes").
enum Exit: Int32, Sendable {
    case done = 0
    case other = 1
    case finishedWithDrops = 2
    case failedOrCancelled = 3
    case noSuchJob = 4
    case conflict = 5
    case stillRunning = 8
    case usage = 64
    case invalidWorkflow = 65
    case unreachable = 69
    case ourBug = 70
    case cannotWrite = 73
    case paused = 75
    case configuration = 78
    case timeout = 124
    case interrupted = 130
    case terminated = 143
}

/// A command that ends without having done what was asked: what, where, and what to type next.
struct CommandFailure: Error, Sendable {
    let exit: Exit
    let message: String
    var details: [String] = []
    var next: String?

    init(_ exit: Exit, _ message: String, details: [String] = [], next: String? = nil) {
        self.exit = exit
        self.message = message
        self.details = details
        self.next = next
    }
}
