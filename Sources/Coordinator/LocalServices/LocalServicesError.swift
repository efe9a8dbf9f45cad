/// Why private services, or a process that belongs to them, could not be had.
///
/// `message` is one or two sentences for the user: what, where, and what to type next.
package struct LocalServicesError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// PostgreSQL or RabbitMQ is not installed; the message has the command that installs it.
        case notInstalled
        /// Another process works in the same state directory; the message names it.
        case locked
        /// The state directory cannot be made, read or reached.
        case unusableState
        /// A process did not start, or a server did not become ready; the message ends with the last lines of its log.
        case startFailed
        /// The task was cancelled; what had been started was stopped.
        case cancelled
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
