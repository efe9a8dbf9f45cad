package import HTTP
import JSON

/// Requests to one endpoint with one set of parameters: everything but the messages, and what is drawn for each
/// request, is written once.
///
/// The body has `model`, `messages`, the parameters that are set, then the members of the model's extra body and of the
/// provider's, the later winning (a shallow merge). `n`, `stream` and `stream_options` are never sent: one answer is
/// read, and read whole.
package struct ModelRequest: Sendable {
    private let endpoint: Endpoint
    private let timeout: Duration
    /// The body up to the messages, and behind them.
    private let head: [UInt8]
    private let tail: [UInt8]
    /// Whether an extra body brings its own messages, which win too.
    private let hasOwnMessages: Bool
    /// Members of the extra bodies, which win over what is drawn.
    private let extraKeys: Set<String>

    private static let neverSent = ["n", "stream", "stream_options"]
    /// Anthropic wants a bound; this is the one that Data Designer sends.
    private static let anthropicMaxTokens: Int64 = 4096

    package init(_ parameters: ModelParameters, to endpoint: Endpoint) {
        self.endpoint = endpoint
        timeout = parameters.timeout
        var body: JSONObject = ["model": .string(parameters.model)]
        if let temperature = parameters.temperature { body["temperature"] = .number(temperature) }
        if let topP = parameters.topP { body["top_p"] = .number(topP) }
        if let maxTokens = parameters.maxTokens { body["max_tokens"] = .integer(Int64(maxTokens)) }
        if let format = parameters.encodingFormat { body["encoding_format"] = .string(format) }
        if let dimensions = parameters.dimensions { body["dimensions"] = .integer(Int64(dimensions)) }
        if parameters.maxTokens == nil, endpoint.dialect == .anthropic {
            body["max_tokens"] = .integer(Self.anthropicMaxTokens)
        }
        for extra in [parameters.extraBody, endpoint.extraBody] {
            for (key, value) in extra where !Self.neverSent.contains(key) { body[key] = value }
        }
        hasOwnMessages = body.contains("messages")
        extraKeys = Set(parameters.extraBody.keys + endpoint.extraBody.keys)

        var rest = body
        rest.removeValue(forKey: "model")
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("model", body["model"] ?? .null)
        head = writer.bytes
        writer.removeAll()
        writer.value(.object(rest))
        // The object without its opening brace, and with a comma in front of its first member.
        tail = (rest.isEmpty ? [] : [UInt8(ascii: ",")]) + writer.bytes.dropFirst()
    }

    /// The request of one call. A few microseconds, and one allocation for the body.
    package func request(_ ask: ModelAsk) -> HTTPRequest {
        switch ask {
        case .chat(let messages, let drawn): request(messages, drawn: drawn)
        case .embeddings(let inputs):
            HTTPRequest(
                url: endpoint.embeddingsURL, headers: endpoint.headers, body: body(inputs), timeout: timeout,
                maximumResponseBytes: 64 << 20)
        case .image(.chat(let messages)):
            HTTPRequest(
                url: endpoint.chatURL, headers: endpoint.headers, body: body(messages), timeout: timeout,
                maximumResponseBytes: 64 << 20)
        case .image(.prompt(let prompt)):
            HTTPRequest(
                url: endpoint.imagesURL, headers: endpoint.headers, body: body(prompt: prompt), timeout: timeout,
                maximumResponseBytes: 64 << 20)
        }
    }

    private func body(prompt: String) -> [UInt8] {
        guard !extraKeys.contains("prompt") else { return head + tail }
        var body = head
        body.append(contentsOf: #","prompt":"#.utf8)
        JSONEscaping.append(prompt, to: &body)
        body.append(contentsOf: tail)
        return body
    }

    private func body(_ inputs: [String]) -> [UInt8] {
        var body = head
        body.append(contentsOf: #","input":["#.utf8)
        for (place, input) in inputs.enumerated() {
            if place > 0 { body.append(UInt8(ascii: ",")) }
            JSONEscaping.append(input, to: &body)
        }
        body.append(UInt8(ascii: "]"))
        body.append(contentsOf: tail)
        return body
    }

    package func request(_ messages: [ChatMessage], drawn: DrawnParameters = DrawnParameters()) -> HTTPRequest {
        HTTPRequest(
            url: endpoint.chatURL, headers: endpoint.headers, body: body(messages, drawn: drawn), timeout: timeout,
            maximumResponseBytes: 16 << 20)
    }

    package func body(_ messages: [ChatMessage], drawn: DrawnParameters = DrawnParameters()) -> [UInt8] {
        let drawn = drawn.isEmpty ? [] : bytes(of: drawn)
        guard !hasOwnMessages else { return head + drawn + tail }
        var body: [UInt8] = []
        body.reserveCapacity(head.count + tail.count + messages.reduce(64) { $0 + Self.estimate($1) })
        body.append(contentsOf: head)
        switch endpoint.dialect {
        case .openAI, .http:
            Self.append(messages, .openAI, to: &body)
        case .anthropic:
            // There, the system prompt is a member of its own.
            let system = messages.filter { $0.role == .system }.flatMap(\.blocks)
            if !system.isEmpty {
                body.append(contentsOf: #","system":"#.utf8)
                Self.append(system, .anthropic, to: &body)
            }
            let said = messages.filter { $0.role != .system && !$0.isBlank }
            Self.append(said.map(\.withoutReasoning), .anthropic, to: &body)
        }
        body.append(contentsOf: drawn)
        body.append(contentsOf: tail)
        return body
    }

    private func bytes(of drawn: DrawnParameters) -> [UInt8] {
        var bytes: [UInt8] = []
        for (key, value) in [("temperature", drawn.temperature), ("top_p", drawn.topP)] {
            guard let value, !extraKeys.contains(key) else { continue }
            bytes.append(contentsOf: ",\"\(key)\":\(PythonFloat.repr(value))".utf8)
        }
        return bytes
    }

    private static func append(_ messages: [ChatMessage], _ dialect: Endpoint.Dialect, to body: inout [UInt8]) {
        body.append(contentsOf: #","messages":["#.utf8)
        for (place, message) in messages.enumerated() {
            body.append(contentsOf: (place > 0 ? #",{"role":""# : #"{"role":""#).utf8)
            body.append(contentsOf: message.role.rawValue.utf8)
            body.append(contentsOf: #"","content":"#.utf8)
            append(message.blocks, dialect, to: &body)
            if let reasoning = message.reasoning {
                body.append(contentsOf: #","reasoning_content":"#.utf8)
                JSONEscaping.append(reasoning, to: &body)
            }
            body.append(UInt8(ascii: "}"))
        }
        body.append(UInt8(ascii: "]"))
    }

    private static func append(
        _ blocks: [ChatMessage.Block], _ dialect: Endpoint.Dialect, to body: inout [UInt8]
    ) {
        body.append(UInt8(ascii: "["))
        for (place, block) in blocks.enumerated() {
            if place > 0 { body.append(UInt8(ascii: ",")) }
            switch block {
            case .text(let text):
                body.append(contentsOf: #"{"type":"text","text":"#.utf8)
                JSONEscaping.append(text, to: &body)
                body.append(UInt8(ascii: "}"))
            case .media(let media):
                body.append(contentsOf: (dialect == .anthropic ? media.canonical : media.openAI).serializedBytes())
            }
        }
        body.append(UInt8(ascii: "]"))
    }

    private static func estimate(_ message: ChatMessage) -> Int {
        message.blocks.reduce(48) { sum, block in
            if case .text(let text) = block { sum + text.utf8.count + text.utf8.count / 16 + 32 } else { sum + 256 }
        }
    }
}

extension ChatMessage {
    /// Anthropic refuses a message without text: such an answer, which is corrected, would end its conversation.
    fileprivate var isBlank: Bool {
        role == .assistant
            && blocks.allSatisfy { if case .text(let text) = $0 { text.allSatisfy(\.isWhitespace) } else { false } }
    }

    /// Anthropic refuses members that it does not know.
    fileprivate var withoutReasoning: ChatMessage { ChatMessage(role, blocks) }
}
