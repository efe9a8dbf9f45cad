/// What the simulator takes from the body of a call to `/v1/chat/completions`.
struct ChatRequest {
    enum Dialect {
        case openAI
        case anthropic
    }

    var model = ""
    var dialect = Dialect.openAI
    /// FNV-1a of the last user message's text.
    var promptHash: UInt64 = 0
    /// Of all messages, roles and texts.
    var conversationHash: UInt64 = 0
    var promptTokens = 0
    var maximumTokens: Int?
    var streams = false
    /// A JSON schema that the reply must match, as text: from `response_format`, `guided_json` or the prompt.
    var schema: [UInt8]?
    /// Whether the schema came in the prompt, where nothing but the prompt asks for JSON.
    var schemaIsInPrompt = false
    /// The language of the code that the prompt asks for in a fence.
    var codeLanguage: [UInt8]?
    /// An image was asked for: `modalities` names it, or the model's name does.
    var wantsImage = false
    /// JSON without a schema was asked for.
    var wantsJSON = false

    /// Nil if the body is not an object with a model and messages.
    init?(_ bytes: [UInt8], _ range: Range<Int>) {
        let scanner = JSONScanner(bytes, range)
        guard let root = scanner.value(at: range.lowerBound) else { return nil }
        var messages: Range<Int>?
        var modelName: Range<Int>?
        let isObject = scanner.forEachMember(of: root) { key, value in
            if scanner.is(key, "messages") {
                messages = value
            } else if scanner.is(key, "model") {
                modelName = value
            } else if scanner.is(key, "max_tokens") || scanner.is(key, "max_completion_tokens") {
                maximumTokens = scanner.number(value).flatMap { $0 >= 1 && $0 < 1e9 ? Int($0) : nil }
            } else if scanner.is(key, "stream") {
                streams = scanner.is(value, "true")
            } else if scanner.is(key, "response_format") {
                readFormat(scanner, value)
            } else if scanner.is(key, "modalities") {
                wantsImage = scanner.elements(of: value).contains { scanner.is($0, "\"image\"") }
            } else if scanner.is(key, "guided_json") {
                schema = Array(bytes[value])
            }
        }
        guard isObject, let messages, let modelName, scanner.first(modelName) == UInt8(ascii: "\"") else { return nil }
        var name: [UInt8] = []
        scanner.decode(modelName, into: &name)
        model = String(decoding: name, as: UTF8.self)
        wantsImage = wantsImage || model.contains("image")
        guard let prompt = readMessages(scanner, messages) else { return nil }
        promptHash = Hash64.fnv1a(prompt)
        if schema == nil, let found = JSONSchemaInstance.schema(inPrompt: prompt) {
            schema = found
            schemaIsInPrompt = true
        } else if schema == nil {
            codeLanguage = Self.fenceLanguage(in: prompt)
        }
    }

    /// The word behind the last three backticks of a prompt.
    private static func fenceLanguage(in prompt: [UInt8]) -> [UInt8]? {
        guard prompt.count > 3 else { return nil }
        for start in stride(from: prompt.count - 4, through: 0, by: -1)
        where prompt[start] == 0x60 && prompt[start + 1] == 0x60 && prompt[start + 2] == 0x60 {
            let word = prompt[(start + 3)...].prefix { ($0 >= 0x61 && $0 <= 0x7A) || $0 == 0x2B || $0 == 0x23 }
            return word.isEmpty ? nil : Array(word)
        }
        return nil
    }

    private mutating func readFormat(_ scanner: JSONScanner, _ value: Range<Int>) {
        wantsJSON = scanner.member("type", of: value).map { scanner.is($0, "\"json_object\"") } ?? false
        guard let format = scanner.member("json_schema", of: value) else { return }
        schema = Array(scanner.bytes[scanner.member("schema", of: format) ?? format])
    }

    /// The last user message's text; nil if the messages are not an array of objects, or there are none.
    private mutating func readMessages(_ scanner: JSONScanner, _ messages: Range<Int>) -> [UInt8]? {
        var prompt: [UInt8] = []
        var text: [UInt8] = []
        var count = 0
        var bytes = 0
        var hash: UInt64 = 0
        let isArray = scanner.forEachElement(of: messages) { message in
            var role = message.lowerBound..<message.lowerBound
            var content = role
            let isObject = scanner.forEachMember(of: message) { key, value in
                if scanner.is(key, "role") { role = value } else if scanner.is(key, "content") { content = value }
            }
            guard isObject else { return }
            count += 1
            text.removeAll(keepingCapacity: true)
            Self.read(scanner, content, into: &text)
            bytes += text.count
            let isUser = scanner.is(role, "\"user\"")
            hash = Hash64.combine(hash &+ (isUser ? 1 : UInt64(role.count)), text)
            if isUser { swap(&prompt, &text) }
        }
        guard isArray, count > 0 else { return nil }
        conversationHash = hash
        // About four bytes a token, and a few for each message's frame: what vLLM reports is of this size.
        promptTokens = (bytes + 3) / 4 + 4 * count
        return prompt
    }

    /// A string, or a list of blocks whose texts count.
    private static func read(_ scanner: JSONScanner, _ content: Range<Int>, into text: inout [UInt8]) {
        switch scanner.first(content) {
        case UInt8(ascii: "\""):
            scanner.decode(content, into: &text)
        case UInt8(ascii: "["):
            _ = scanner.forEachElement(of: content) { block in
                if let part = scanner.member("text", of: block) { scanner.decode(part, into: &text) }
            }
        default: break
        }
    }
}
