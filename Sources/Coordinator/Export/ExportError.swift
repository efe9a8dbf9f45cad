import Postgres

/// Why an export could not be made; what was written before stays and is whole.
package struct ExportError: Error, Sendable, CustomStringConvertible {
    package enum Code: Sendable {
        /// The folder holds something that is not an export of this job.
        case occupied
        case cannotWrite
        /// The database could not be read.
        case database
    }

    package let code: Code
    package let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    init(_ error: PostgresError) { self.init(.database, error.description) }
}
