import JSON

/// What a model answered.
package struct ChatReply: Hashable, Sendable {
    /// The answer as it came, untrimmed; empty where the content was empty or null.
    package var text: String
    /// What the model thought before it answered; nil without any.
    package var reasoning: String?
    package var inputTokens: Int
    package var outputTokens: Int
    /// Part of `outputTokens` that went into reasoning.
    package var reasoningTokens: Int
    /// Why the model stopped, in the endpoint's word (`stop`, `length`, ...); empty where it does not say.
    package var finishReason: String
    /// The model's name by the endpoint; empty where it does not say.
    package var model: String

    /// Reads the body of a reply, of an OpenAI-compatible or an Anthropic endpoint.
    ///
    /// Tolerant: only the answer itself must be there. Of several choices the first counts; content is a string, or a
    /// list of which the text parts are joined by line feeds, or null.
    ///
    /// - Throws: `JSONError` for a body that is no JSON, `NotAReply` for JSON without an answer.
    package init(parsing body: [UInt8]) throws {
        try self.init(JSONValue(parsing: body, options: .python))
    }

    /// JSON, but no chat completion.
    package struct NotAReply: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String
    }

    init(_ root: JSONValue) throws(NotAReply) {
        let message: JSONValue?
        if let choice = root["choices"]?[0] {
            message = choice["message"]
            finishReason = choice["finish_reason"]?.stringValue ?? ""
        } else if root["type"]?.stringValue == "message" {
            message = root
            finishReason = root["stop_reason"]?.stringValue ?? ""
        } else {
            throw NotAReply(description: root["choices"] == nil ? "the reply has no choices" : "no choice in the reply")
        }
        guard let message, let content = Self.text(message["content"]) else {
            throw NotAReply(description: "the reply's first choice has no message with text")
        }
        text = content
        reasoning =
            Self.nonEmpty(message["reasoning"]) ?? Self.nonEmpty(message["reasoning_content"])
            ?? Self.thinking(message["content"])
        model = root["model"]?.stringValue ?? ""
        let usage = root["usage"]
        inputTokens = Self.count(usage?["prompt_tokens"] ?? usage?["input_tokens"])
        outputTokens = Self.count(usage?["completion_tokens"] ?? usage?["output_tokens"])
        let details = usage?["completion_tokens_details"] ?? usage?["output_tokens_details"]
        reasoningTokens = Self.count(details?["reasoning_tokens"])
    }

    private static func text(_ content: JSONValue?) -> String? {
        switch content {
        case .string(let text): text
        case .array(let parts):
            parts.compactMap { part in part.stringValue ?? part["text"]?.stringValue }.joined(separator: "\n")
        case .null, nil: ""
        default: nil
        }
    }

    /// Anthropic sends its thinking as blocks of the content.
    private static func thinking(_ content: JSONValue?) -> String? {
        let parts = content?.arrayValue?.compactMap { $0["thinking"]?.stringValue } ?? []
        return parts.isEmpty ? nil : parts.joined(separator: "\n")
    }

    private static func nonEmpty(_ value: JSONValue?) -> String? {
        value?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func count(_ value: JSONValue?) -> Int {
        switch value {
        case .integer(let count): Int(clamping: max(0, count))
        case .number(let count) where count >= 0 && count < 1e15: Int(count)
        default: 0
        }
    }
}
