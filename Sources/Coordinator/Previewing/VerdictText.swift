import JSON

/// What a validation found, as a person reads it: the verdict, the score, and each thing that is wrong.
enum VerdictText {
    /// Nil for what is no verdict, nor one for each of several columns.
    static func lines(_ value: JSONValue, width: Int) -> [String]? {
        guard let object = value.objectValue, !object.isEmpty else { return nil }
        if object["is_valid"] != nil { return verdict(object, width) }
        guard object.allSatisfy({ $0.value["is_valid"] != nil }) else { return nil }
        return object.flatMap { column, found -> [String] in
            let lines = verdict(found.objectValue ?? [:], width - 2)
            return ["\(FoldedText.harmless(column)): \(lines[0])"] + lines.dropFirst().map { "  \($0)" }
        }
    }

    private static func verdict(_ found: JSONObject, _ width: Int) -> [String] {
        var first: String
        switch found["is_valid"] {
        case .bool(true): first = "valid"
        case .bool(false): first = "not valid"
        default: first = "no verdict"
        }
        if let score = found["python_linter_score"], !score.isNull { first += ", score \(score.serialized()) of 10" }
        var lines = [first]
        for (name, value) in found {
            switch (name, value) {
            case ("is_valid", _), ("python_linter_score", _), ("python_linter_severity", _), (_, .null),
                (_, .string("")):
                break
            case ("python_linter_messages", .array(let messages)):
                for message in messages { lines += folded(finding(message), width) }
            case ("error_messages", .string(let text)): lines += folded(text, width)
            case (_, .string(let text)): lines += folded("\(name): \(text)", width)
            default: lines += folded("\(name): \(value.serialized(JSONStyle(spacesSeparators: true)))", width)
            }
        }
        return lines
    }

    /// `line 3, column 5: F821 Undefined name x (error)`
    private static func finding(_ message: JSONValue) -> String {
        func text(_ key: String) -> String {
            message[key].map { $0.stringValue ?? $0.serialized() } ?? ""
        }
        return "line \(text("line")), column \(text("column")): \(text("symbol")) \(text("message")) (\(text("type")))"
    }

    private static func folded(_ text: String, _ width: Int) -> [String] {
        FoldedText.lines(FoldedText.harmless(text), width: width - 2).map { "  \($0)" }
    }
}
