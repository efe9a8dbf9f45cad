import JSON

/// A request's body without the words of instructions and corrections, as `scripts/differential-requests.py` has it.
enum NormalBody {
    /// A prompt of the corpus ends in `¶COLUMN:RECORD¶`.
    struct Mark: Equatable {
        let column: String
        let record: String
    }

    static func of(_ body: JSONValue) -> JSONValue {
        guard var object = body.objectValue, let messages = object["messages"]?.arrayValue else { return plain(body) }
        object["messages"] = .array(messages.map(message))
        return plain(.object(object))
    }

    static func message(_ message: JSONValue) -> JSONValue {
        guard var object = message.objectValue, object["role"] == "user", let content = object["content"]?.arrayValue
        else { return message }
        object["content"] = .array(content.map(block))
        return .object(object)
    }

    private static func block(_ block: JSONValue) -> JSONValue {
        guard block["type"] == "text", let text = block["text"]?.stringValue else { return block }
        guard let (_, end) = mark(in: text) else { return ["type": "text", "text": "(correction)"] }
        let prompt = JSONValue.string(String(text[..<end]))
        let rest = text[end...]
        if let start = rest.firstRange(of: "<response_schema>\n"),
            let stop = rest.firstRange(of: "\n</response_schema>"),
            let schema = try? JSONValue(parsing: String(rest[start.upperBound..<stop.lowerBound]))
        {
            let isJudge = schema["title"] == "JudgeStructuredOutput"
            return ["type": "text", "text": prompt, "schema": isJudge ? withoutWords(schema) : schema]
        }
        let isText = rest.allSatisfy(\.isWhitespace)
        return ["type": "text", "text": prompt, "form": isText ? "text" : "code"]
    }

    /// The last mark of a text, with where it ends.
    static func mark(in text: String) -> (mark: Mark, end: String.Index)? {
        guard let close = text.lastIndex(of: "¶") else { return nil }
        let before = text[..<close]
        guard let open = before.lastIndex(of: "¶"), let colon = before[open...].firstIndex(of: ":") else { return nil }
        let mark = Mark(
            column: String(before[before.index(after: open)..<colon]),
            record: String(before[before.index(after: colon)...]))
        return (mark, text.index(after: close))
    }

    /// Of which cell a request is.
    static func key(of body: JSONValue) -> String {
        if let input = body["input"]?.arrayValue { return "embeddings " + JSONValue.array(input).serialized(.python) }
        let texts =
            body["prompt"].map { [$0] }
            ?? (body["messages"]?.arrayValue ?? []).flatMap { $0["content"]?.arrayValue ?? [] }.compactMap {
                $0["text"]
            }
        for text in texts.compactMap(\.stringValue) {
            if let (mark, _) = mark(in: text) { return "\(mark.column) \(mark.record)" }
        }
        return "?"
    }

    private static func withoutWords(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let object):
            .object(
                JSONObject(
                    object.filter { $0.key != "description" && $0.key != "title" }.map {
                        ($0.key, withoutWords($0.value))
                    }))
        case .array(let elements): .array(elements.map(withoutWords))
        default: value
        }
    }

    /// Whole numbers are integers, and objects are in the order of their keys.
    static func plain(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let object):
            .object(JSONObject(object.map { ($0.key, plain($0.value)) }.sorted { $0.0 < $1.0 }))
        case .array(let elements): .array(elements.map(plain))
        case .number(let number) where number == number.rounded() && number.magnitude < 1e15: .integer(Int64(number))
        default: value
        }
    }
}
