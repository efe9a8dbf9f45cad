/// Why a call to PostgreSQL failed, with what the caller needs in order to decide what to do about it.
package struct PostgresError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it was; new kinds may be added.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        package let description: String

        private init(_ description: String) { self.description = description }

        /// No connection could be made, or none was asked for yet: refused, no such host, wrong password.
        package static let connectionFailed = Code("connectionFailed")
        /// The connection ended before the call was sent or answered.
        package static let connectionLost = Code("connectionLost")
        /// The server refused a statement; `sqlState` says why and the transaction is rolled back.
        package static let statementFailed = Code("statementFailed")
        /// The caller's own time limit passed; where the call had been sent, its connection was given up.
        package static let timeout = Code("timeout")
        /// The connection or the pool was closed by its owner.
        package static let closed = Code("closed")
        /// The task was cancelled while it waited for a connection of its own.
        package static let cancelled = Code("cancelled")
        /// A parameter that PostgreSQL cannot take, such as text with a NUL; nothing was sent.
        package static let invalidParameter = Code("invalidParameter")
        /// Text that is no connection string.
        package static let invalidURL = Code("invalidURL")
        /// A column that is absent, NULL, or of another type than was asked for.
        package static let invalidColumn = Code("invalidColumn")
        /// The statement left a transaction block open, or uses something this client does not support (COPY).
        package static let unsupported = Code("unsupported")
    }

    package var code: Code
    package var sqlState: SQLState?
    /// The server's or libpq's own words. May quote a short value (`invalid input syntax for type integer: "x"`).
    package var message: String
    /// The server's detail. It may quote a whole row, so it is not part of `description`.
    package var detail: String?
    package var hint: String?
    package var schema: String?
    package var table: String?
    package var column: String?
    package var constraint: String?
    /// Which of the statements of one `transact` failed; nil where none did, as at a deferred constraint.
    package var statementIndex: Int?
    /// True when the connection went away after the transaction had been handed over: it may have committed.
    package var outcomeUnknown = false

    /// True where the same call may succeed when it is made again. With `outcomeUnknown` the caller has to find out
    /// first, or the call must be one that may be repeated.
    package var isRetryable: Bool {
        switch code {
        case .connectionLost, .timeout: true
        case .connectionFailed: sqlState.map(\.isTransient) ?? true
        case .statementFailed: sqlState.map { $0.isTransient || isStalePlan } ?? false
        default: false
        }
    }

    package init(_ code: Code, _ message: String, sqlState: SQLState? = nil, outcomeUnknown: Bool = false) {
        self.code = code
        self.message = message
        self.sqlState = sqlState
        self.outcomeUnknown = outcomeUnknown
    }

    /// A prepared statement whose result changed its shape, as after ALTER TABLE: it is prepared anew the next time.
    var isStalePlan: Bool {
        sqlState == .invalidStatementName
            || (sqlState == .featureNotSupported && message.hasPrefix("cached plan must not change"))
    }

    package var description: String {
        var text = "postgres \(code): \(message)"
        if let sqlState { text += " (\(sqlState))" }
        if let statementIndex { text += " in statement \(statementIndex)" }
        if let hint { text += "; hint: \(hint)" }
        if outcomeUnknown { text += "; it is not known whether it was committed" }
        return text
    }
}
