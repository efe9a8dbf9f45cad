/// The five characters by which PostgreSQL names an error (its manual, appendix A).
package struct SQLState: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }

    package init(_ rawValue: String) { self.rawValue = rawValue }

    /// The first two characters: "22" is bad data, "23" a violated constraint, "54" a limit.
    package var errorClass: String { String(rawValue.prefix(2)) }

    package var description: String { rawValue }

    package static let featureNotSupported = SQLState("0A000")
    package static let notNullViolation = SQLState("23502")
    package static let foreignKeyViolation = SQLState("23503")
    package static let uniqueViolation = SQLState("23505")
    package static let checkViolation = SQLState("23514")
    package static let inFailedTransaction = SQLState("25P02")
    package static let idleInTransactionTimeout = SQLState("25P03")
    package static let invalidStatementName = SQLState("26000")
    package static let invalidPassword = SQLState("28P01")
    package static let unknownDatabase = SQLState("3D000")
    package static let serializationFailure = SQLState("40001")
    package static let deadlockDetected = SQLState("40P01")
    package static let insufficientPrivilege = SQLState("42501")
    package static let syntaxError = SQLState("42601")
    package static let undefinedTable = SQLState("42P01")
    package static let duplicateTable = SQLState("42P07")
    package static let lockNotAvailable = SQLState("55P03")
    package static let queryCanceled = SQLState("57014")
    package static let adminShutdown = SQLState("57P01")
    package static let crashShutdown = SQLState("57P02")
    package static let cannotConnectNow = SQLState("57P03")

    /// True where the same statement may well succeed when it is sent again: conflicts with other transactions,
    /// exhausted resources, a server that is going down or coming up.
    var isTransient: Bool {
        switch errorClass {
        case "08", "40", "53": true
        case "57": self != SQLState("57P04")
        default:
            self == .lockNotAvailable || self == .idleInTransactionTimeout || self == .invalidStatementName
        }
    }
}
