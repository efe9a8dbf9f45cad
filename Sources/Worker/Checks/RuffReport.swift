import JSON

/// What ruff says about Python, in Data Designer's form.
///
/// The groups of rules, the type of a message by the letters of its rule, the worst type as the severity, and pylint's
/// score: 10 - 10 x (5 x errors + others) / statements, at least 0, and 0 with any fatal message.
enum RuffReport {
    private enum MessageType: String, CaseIterable {
        // The worst first.
        case fatal, error, warning, convention, refactor

        init(code: String?) {
            guard let code, !["invalid-syntax", "E999", "SyntaxError"].contains(code) else {
                self = .fatal
                return
            }
            switch code.filter(\.isLetter) {
            case "F", "PLE": self = .error
            case "E", "SIM", "PLR": self = .refactor
            case "PLC": self = .convention
            default: self = .warning
            }
        }

        var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
        var isInvalid: Bool { self == .fatal || self == .error }
    }

    private struct Message {
        let type: MessageType
        let line: Int64
        let json: JSONValue
    }

    static let rules = "E,F6,F7,F8,SIM,PLC,PLE,PLR,PLW"

    /// One verdict for each text, of a report in which they are the files `0.py`, `1.py`, ...; nil for a report that
    /// cannot be read.
    static func verdicts(of report: JSONValue, on codes: [String]) -> [JSONValue]? {
        guard let diagnostics = report.arrayValue else { return nil }
        var messages = [[Message]](repeating: [], count: codes.count)
        for diagnostic in diagnostics {
            guard let path = diagnostic["filename"]?.stringValue, let message = message(diagnostic),
                let file = path.split(separator: "/").last, let place = Int(file.prefix { $0 != "." }),
                messages.indices.contains(place)
            else { return nil }
            messages[place].append(message)
        }
        return zip(codes, messages).map { verdict(on: $0, $1) }
    }

    private static func message(_ diagnostic: JSONValue) -> Message? {
        guard let line = diagnostic["location"]?["row"]?.intValue,
            let column = diagnostic["location"]?["column"]?.intValue, let text = diagnostic["message"]?.stringValue
        else { return nil }
        let code = diagnostic["code"]?.stringValue
        let type = MessageType(code: code)
        return Message(
            type: type, line: Int64(line),
            json: [
                "type": .string(type.rawValue), "symbol": .string(code ?? "None"), "line": .integer(Int64(line)),
                "column": .integer(Int64(column)), "message": .string(text),
            ])
    }

    private static func verdict(on code: String, _ messages: [Message]) -> JSONValue {
        // By severity, then by line; those that are alike as ruff has them.
        let sorted = messages.enumerated().sorted {
            ($0.element.type.rank, $0.element.line, $0.offset) < ($1.element.type.rank, $1.element.line, $1.offset)
        }.map(\.element)
        let worst = sorted.first?.type
        return [
            "is_valid": .bool(worst?.isInvalid != true),
            "python_linter_score": .number(score(of: code, sorted)),
            "python_linter_severity": .string(worst?.rawValue ?? "none"),
            "python_linter_messages": .array(sorted.map(\.json)),
        ]
    }

    private static func score(of code: String, _ messages: [Message]) -> Double {
        if messages.contains(where: { $0.type == .fatal }) { return 0 }
        if messages.isEmpty { return 10 }
        let errors = messages.count { $0.type == .error }
        let statements = max(1, PythonStatements.count(in: code))
        return max(0, 10 - Double(5 * errors + messages.count - errors) / Double(statements) * 10)
    }
}
