import Glibc

/// Why there is no thread, or no process.
package struct ProcessError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The system gives this process, or its user, no more threads.
        case noThread
        /// The program is not there, may not be run, or there is no more room for a process.
        case cannotStart
    }

    package let code: Code
    /// What could not be done, and the system's words for why.
    package let description: String

    /// - Parameter error: an `errno`.
    package init(_ code: Code, _ what: String, _ error: Int32) {
        self.code = code
        description = "\(what): \(String(cString: strerror(error)))"
    }
}
