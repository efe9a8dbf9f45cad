import JSON

/// What the body of a refusal says, whichever of the usual forms it has: OpenAI's `{"error": {...}}`, the flat one of
/// older vLLM, FastAPI's `detail`, Anthropic's, or a line of text.
struct EndpointError: Hashable, Sendable {
    var message = ""
    /// `code` and `type` in lower case: words such as `insufficient_quota`; empty where there are none.
    var code = ""
    var type = ""
    /// A status inside of the body, as gateways send it with a 200; nil without one.
    var status: Int?

    /// Nothing for a body that says nothing, or is larger than 64 KiB.
    init(parsing body: [UInt8]) {
        let isShort = body.count <= 65_536
        self.init(isShort ? (try? JSONValue(parsing: body, options: .python)) ?? .string(Self.line(body)) : .null)
    }

    init(_ root: JSONValue) {
        let error = root["error"] ?? root
        message =
            error.stringValue ?? error["message"]?.stringValue ?? Self.detail(root["detail"]) ?? ""
        code = error["code"]?.stringValue?.lowercased() ?? ""
        type = error["type"]?.stringValue?.lowercased() ?? ""
        if root["error"] != nil, case .integer(let number)? = error["code"] { status = Int(exactly: number) }
    }

    /// FastAPI: a text, or a list of problems. Only their messages and places: `input` repeats what was sent.
    private static func detail(_ detail: JSONValue?) -> String? {
        if let text = detail?.stringValue { return text }
        guard let problems = detail?.arrayValue else { return nil }
        let lines = problems.compactMap { problem -> String? in
            guard let message = problem["msg"]?.stringValue else { return nil }
            let place = problem["loc"]?.arrayValue?.map { $0.stringValue ?? $0.serialized() } ?? []
            return place.isEmpty ? message : "\(place.joined(separator: ".")): \(message)"
        }
        return lines.isEmpty ? nil : lines.joined(separator: "; ")
    }

    /// The text of a body that is no JSON; nothing for a page in HTML.
    private static func line(_ body: [UInt8]) -> String {
        guard body.count <= 4096, !body.contains(UInt8(ascii: "<")),
            let text = String(validating: body, as: UTF8.self)
        else { return "" }
        return text
    }

    /// Whether `word` stands in the code or the type.
    func says(_ words: String...) -> Bool {
        words.contains { code.contains($0) || type.contains($0) }
    }

    /// Whether a phrase stands in the message. Phrases, not words: a message may repeat a part of the prompt.
    func mentions(_ phrases: String...) -> Bool {
        let message = message.lowercased()
        return phrases.contains { message.contains($0) }
    }
}
