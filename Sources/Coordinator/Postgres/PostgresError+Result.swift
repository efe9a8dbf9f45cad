import CPostgres

extension PostgresError {
    /// What a failed result of libpq says. A fatal error ends the connection, so it is `.connectionLost`.
    init(_ code: Code, result: OpaquePointer) {
        func field(_ letter: Unicode.Scalar) -> String? {
            PQresultErrorField(result, Int32(letter.value)).map { String(cString: $0) }
        }
        let severity = field("V") ?? field("S")
        let message = field("M") ?? PQresultErrorMessage(result).map { String(cString: $0) } ?? "no message"
        let isFatal = severity == "FATAL" || severity == "PANIC"
        self.init(
            isFatal ? .connectionLost : code, Self.tidied(message), sqlState: field("C").map(SQLState.init(rawValue:)))
        detail = field("D")
        hint = field("H")
        schema = field("s")
        table = field("t")
        column = field("c")
        constraint = field("n")
    }

    /// What libpq itself says about a connection.
    init(_ code: Code, connection: OpaquePointer?) {
        let message = connection.flatMap { PQerrorMessage($0) }.map { String(cString: $0) } ?? "out of memory"
        self.init(code, Self.tidied(message))
    }

    /// Why an attempt to connect failed. Its SQLSTATE stands in the message (`FATAL:  28P01: password ...`), as libpq
    /// was asked to be verbose.
    init(connecting connection: OpaquePointer) {
        self.init(.connectionFailed, connection: connection)
        if PQconnectionNeedsPassword(connection) == 1 { sqlState = .invalidPassword }
        guard let match = message.firstMatch(of: #/[A-Z]+: +([0-9A-Z]{5}): /#) else { return }
        sqlState = SQLState(rawValue: String(match.1))
        message.replaceSubrange(match.1.startIndex..<match.range.upperBound, with: "")
        if let location = message.firstRange(of: " LOCATION: ") { message.removeSubrange(location.lowerBound...) }
    }

    /// On one line: libpq wraps its messages.
    static func tidied(_ message: String) -> String {
        message.split(whereSeparator: \.isNewline)
            .map { $0.drop(while: \.isWhitespace) }
            .joined(separator: " ")
    }
}
