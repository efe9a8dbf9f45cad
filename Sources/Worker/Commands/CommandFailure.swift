/// The exit codes of a worker, a part of the documented list (README, "Exit codes").
enum Exit: Int32, Sendable {
    case done = 0
    case other = 1
    case unreachable = 69
    case configuration = 78
}

/// A command that ends without having done what was asked: what is wrong, and where.
struct CommandFailure: Error, Sendable {
    let exit: Exit
    let message: String
    let details: [String]

    init(_ exit: Exit, _ message: String, details: [String] = []) {
        self.exit = exit
        self.message = message
        self.details = details
    }
}
