import JSON

/// What a model answered.
package struct ModelReply: Hashable, Sendable {
    /// The answer as it came, untrimmed; empty where the content was empty or null, and of an embeddings call.
    package var text: String
    /// Of an embeddings call: one for each text, in their order.
    package var vectors: [[Double]] = []
    /// Of an image's call, as base64.
    package var images: [String] = []
    /// An image was answered as an address.
    package var hasImageAddress = false
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

    /// Reads the body of a chat's reply, of an OpenAI-compatible or an Anthropic endpoint.
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
        (inputTokens, outputTokens, reasoningTokens) = Self.tokens(root)
    }

    /// Reads the reply to an embeddings call for so many texts.
    init(embeddings root: JSONValue, count: Int) throws(NotAReply) {
        guard let data = root["data"]?.arrayValue else { throw NotAReply(description: "the reply has no data") }
        guard data.count == count else {
            throw NotAReply(description: "the reply has \(data.count) vectors for \(count) texts")
        }
        text = ""
        finishReason = ""
        model = root["model"]?.stringValue ?? ""
        (inputTokens, outputTokens, reasoningTokens) = Self.tokens(root)
        vectors = Array(repeating: [], count: count)
        for (place, element) in data.enumerated() {
            let index = element["index"]?.intValue ?? place
            guard vectors.indices.contains(index), let vector = Self.vector(element["embedding"]), !vector.isEmpty
            else { throw NotAReply(description: "a vector of the reply cannot be read") }
            vectors[index] = vector
        }
        if vectors.contains([]) { throw NotAReply(description: "the reply has no vector for one of the texts") }
    }

    /// Reads the reply to a call for images. One without any is a reply all the same.
    init(images root: JSONValue, to ask: ImageAsk) throws(NotAReply) {
        text = ""
        model = root["model"]?.stringValue ?? ""
        (inputTokens, outputTokens, reasoningTokens) = Self.tokens(root)
        switch ask {
        case .prompt:
            guard root["data"]?.arrayValue != nil else { throw NotAReply(description: "the reply has no data") }
            finishReason = ""
            (images, hasImageAddress) = ReplyImages.ofPrompt(root)
        case .chat:
            guard let choice = root["choices"]?[0] else { throw NotAReply(description: "the reply has no choices") }
            finishReason = choice["finish_reason"]?.stringValue ?? ""
            (images, hasImageAddress) = ReplyImages.ofChat(root)
        }
    }

    /// A list of numbers, or the base64 of 32-bit floats.
    private static func vector(_ value: JSONValue?) -> [Double]? {
        switch value {
        case .array(let numbers):
            let vector = numbers.compactMap(\.doubleValue)
            return vector.count == numbers.count ? vector : nil
        case .string(let text):
            guard let bytes = Base64.decode(text), bytes.count % 4 == 0 else { return nil }
            return stride(from: 0, to: bytes.count, by: 4).map { start in
                let word = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << (8 * UInt32($1)) }
                return Double(Float(bitPattern: word))
            }
        default: return nil
        }
    }

    private static func tokens(_ root: JSONValue) -> (input: Int, output: Int, reasoning: Int) {
        let usage = root["usage"]
        let details = usage?["completion_tokens_details"] ?? usage?["output_tokens_details"]
        return (
            count(usage?["prompt_tokens"] ?? usage?["input_tokens"]),
            count(usage?["completion_tokens"] ?? usage?["output_tokens"]), count(details?["reasoning_tokens"])
        )
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

    /// More than a billion tokens in a reply is nonsense, and sums of such could overflow.
    private static let mostTokens = 1_000_000_000

    private static func count(_ value: JSONValue?) -> Int {
        switch value {
        case .integer(let count): min(mostTokens, Int(clamping: max(0, count)))
        case .number(let count) where count >= 0 && count < 1e15: min(mostTokens, Int(count))
        default: 0
        }
    }
}
