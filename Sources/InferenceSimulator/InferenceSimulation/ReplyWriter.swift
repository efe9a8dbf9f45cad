import Glibc

/// Writes HTTP replies and the bodies of OpenAI's API.
struct ReplyWriter {
    private let sentences = ReplyText()

    /// A chat completion that the same request and seed always get; `attempt` counts only for flawed ones.
    ///
    /// - Returns: the completion tokens it claims, and whether `max_tokens` cut it short.
    func completion(
        _ chat: ChatRequest, _ settings: SimulatorSettings, attempt: Int, into body: inout [UInt8]
    ) -> (Int, Bool) {
        let hash = Hash64.combine(chat.conversationHash ^ Hash64.mix(settings.seed), Array(chat.model.utf8))
        var content: [UInt8] = []
        let isTruncated = write(chat, settings, hash, attempt, into: &content)
        let tokens = min(content.count / 4 + 1, chat.maximumTokens ?? .max)
        var thought: [UInt8] = []
        if settings.reasons { sentences.append(words: 12, hash: Hash64.mix(hash), to: &thought) }
        switch chat.dialect {
        case .openAI:
            let image = chat.wantsImage ? SimulatedImage(hash: hash, side: settings.imageSide).text : []
            openAI(chat, hash, content, thought, image, isTruncated, tokens, into: &body)
        case .anthropic: anthropic(chat, hash, content, thought, isTruncated, tokens, into: &body)
        }
        return (tokens, isTruncated)
    }

    private func openAI(
        _ chat: ChatRequest, _ hash: UInt64, _ content: [UInt8], _ thought: [UInt8], _ image: [UInt8],
        _ isTruncated: Bool, _ tokens: Int, into body: inout [UInt8]
    ) {
        body.append("{\"id\":\"chatcmpl-")
        body.append(hex: Hash64.mix(hash))
        // A constant: the same request gets the same bytes.
        body.append("\",\"object\":\"chat.completion\",\"created\":1700000000,\"model\":\"")
        body.append(escaped: chat.model.utf8)
        body.append("\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"")
        body.append(escaped: content)
        if !thought.isEmpty {
            body.append("\",\"reasoning_content\":\"")
            body.append(escaped: thought)
        }
        body.append("\"")
        if !image.isEmpty {
            body.append(",\"images\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,")
            body.append(contentsOf: image)
            body.append("\"}}]")
        }
        body.append(",\"tool_calls\":[]},\"logprobs\":null,\"finish_reason\":\"")
        body.append(isTruncated ? "length" : "stop")
        body.append("\"}],")
        usage(chat.promptTokens, tokens, into: &body)
        body.append("}")
    }

    private func anthropic(
        _ chat: ChatRequest, _ hash: UInt64, _ content: [UInt8], _ thought: [UInt8], _ isTruncated: Bool,
        _ tokens: Int, into body: inout [UInt8]
    ) {
        body.append("{\"id\":\"msg_")
        body.append(hex: Hash64.mix(hash))
        body.append("\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"")
        body.append(escaped: chat.model.utf8)
        body.append("\",\"content\":[")
        if !thought.isEmpty {
            body.append("{\"type\":\"thinking\",\"thinking\":\"")
            body.append(escaped: thought)
            body.append("\"},")
        }
        body.append("{\"type\":\"text\",\"text\":\"")
        body.append(escaped: content)
        body.append("\"}],\"stop_reason\":\"")
        body.append(isTruncated ? "max_tokens" : "end_turn")
        body.append("\",\"stop_sequence\":null,\"usage\":{\"input_tokens\":")
        body.append(decimal: chat.promptTokens)
        body.append(",\"output_tokens\":")
        body.append(decimal: tokens)
        body.append("}}")
    }

    /// A reply without a length, whose body is larger than a client should take.
    func endless(into reply: inout [UInt8]) {
        reply.append("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n")
        reply.append("{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"")
        reply.append(contentsOf: repeatElement(UInt8(ascii: "a"), count: 16 << 20))
    }

    private func write(
        _ chat: ChatRequest, _ settings: SimulatorSettings, _ hash: UInt64, _ attempt: Int,
        into content: inout [UInt8]
    ) -> Bool {
        var echo: [UInt8] = []
        if settings.echoesPrompt {
            echo.append("echo=")
            echo.append(hex: chat.promptHash)
        } else {
            sentences.append(words: 6, hash: hash, to: &echo)
        }
        if let schema = chat.schema, var instance = JSONSchemaInstance(schema: schema, hash: hash, string: echo) {
            var json: [UInt8] = []
            instance.write(into: &json)
            if chat.schemaIsInPrompt {
                fence(json, Array("json".utf8), settings, chat, attempt, into: &content)
            } else {
                content.append(contentsOf: json)
            }
            return false
        }
        if let language = chat.codeLanguage {
            // Another hash than the sentences': which code is invalid must not depend on the words.
            let fate = Hash64.fraction(Hash64.mix(chat.promptHash ^ Hash64.mix(settings.seed &+ 7)))
            let answer = fate < settings.invalidCodeRate ? invalidCode(language, echo) : code(language, echo)
            fence(answer, language, settings, chat, attempt, into: &content)
            return false
        }
        if chat.wantsJSON {
            content.append("{\"text\": \"")
            content.append(contentsOf: echo)
            content.append("\"}")
            return false
        }
        let words = min(settings.words, chat.maximumTokens ?? .max)
        sentences.append(words: words, hash: hash, to: &content)
        if settings.echoesPrompt {
            if words > 0 { content.append(" ") }
            content.append(contentsOf: echo)
        }
        return words < settings.words
    }

    /// Something that a linter of the language has nothing against.
    private func code(_ language: [UInt8], _ echo: [UInt8]) -> [UInt8] {
        var code: [UInt8] = []
        switch String(decoding: language, as: UTF8.self) {
        case "sql":
            code.append("SELECT '")
            code.append(contentsOf: echo)
            code.append("' AS answer;")
        case "python":
            code.append("ANSWER = \"")
            code.append(contentsOf: echo)
            code.append("\"\n")
        default:
            code.append("// ")
            code.append(contentsOf: echo)
        }
        return code
    }

    /// Something that no parser of the language takes.
    private func invalidCode(_ language: [UInt8], _ echo: [UInt8]) -> [UInt8] {
        var code: [UInt8] = []
        switch String(decoding: language, as: UTF8.self) {
        case "sql":
            code.append("SELECT '")
            code.append(contentsOf: echo)
            code.append("',, AS answer;")
        case "python":
            code.append("ANSWER = (\"")
            code.append(contentsOf: echo)
            code.append("\"\n")
        default:
            code.append("}}} ")
            code.append(contentsOf: echo)
        }
        return code
    }

    /// An answer in a fence, flawed where the settings say so.
    private func fence(
        _ answer: [UInt8], _ language: [UInt8], _ settings: SimulatorSettings, _ chat: ChatRequest, _ attempt: Int,
        into content: inout [UInt8]
    ) {
        if settings.flawRate > 0 {
            let fate = Hash64.mix(
                Hash64.mix(settings.seed &+ 1) ^ Hash64.mix(chat.conversationHash &+ Hash64.mix(UInt64(attempt))))
            if Hash64.fraction(fate) < settings.flawRate {
                let kinds = AnswerFlaw.allCases
                let flaw = settings.flaw ?? kinds[Int(Hash64.mix(fate) % UInt64(kinds.count))]
                return flaw.apply(to: answer, language: language, into: &content)
            }
        }
        content.append("```")
        content.append(contentsOf: language)
        content.append("\n")
        content.append(contentsOf: answer)
        content.append("\n```")
    }

    func images(_ request: ImageRequest, _ settings: SimulatorSettings, into body: inout [UInt8]) {
        // A constant: the same request gets the same bytes.
        body.append("{\"created\":1700000000,\"data\":[")
        for index in 0..<request.count {
            if index > 0 { body.append(",") }
            let hash = Hash64.mix(request.promptHash ^ Hash64.mix(settings.seed &+ UInt64(index)))
            body.append("{\"b64_json\":\"")
            body.append(contentsOf: SimulatedImage(hash: hash, side: settings.imageSide).text)
            body.append("\"}")
        }
        body.append("],\"usage\":{\"input_tokens\":")
        body.append(decimal: request.promptTokens)
        body.append(",\"output_tokens\":0}}")
    }

    func embeddings(_ request: EmbeddingRequest, _ settings: SimulatorSettings, into body: inout [UInt8]) {
        body.append("{\"object\":\"list\",\"data\":[")
        for (index, input) in request.inputs.enumerated() {
            if index > 0 { body.append(",") }
            body.append("{\"object\":\"embedding\",\"index\":")
            body.append(decimal: index)
            body.append(",\"embedding\":[")
            var stream = HashStream(input ^ Hash64.mix(settings.seed))
            for dimension in 0..<(request.dimensions ?? settings.embeddingDimensions) {
                if dimension > 0 { body.append(",") }
                body.append(thousandths: stream.fraction() * 2 - 1)
            }
            body.append("]}")
        }
        body.append("],\"model\":\"")
        body.append(escaped: request.model.utf8)
        body.append("\",")
        usage(request.promptTokens, 0, into: &body)
        body.append("}")
    }

    /// `echo=` and the hash of the row for each column; for a validator a verdict that depends on the row alone.
    func rows(_ request: RowsRequest, into body: inout [UInt8]) {
        body.append("{\"data\":[")
        for (index, row) in request.rows.enumerated() {
            body.append(index > 0 ? ",{" : "{")
            if request.columns.isEmpty {
                body.append("\"is_valid\":")
                body.append(Hash64.fraction(Hash64.mix(row)) < 0.75 ? "true" : "false")
                body.append(",\"checked\":\"echo=")
                body.append(hex: row)
                body.append("\"")
            }
            for (place, column) in request.columns.enumerated() {
                if place > 0 { body.append(",") }
                body.append(contentsOf: column)
                body.append(":\"echo=")
                body.append(hex: row)
                body.append("\"")
            }
            body.append("}")
        }
        body.append("]}")
    }

    private func usage(_ prompt: Int, _ completion: Int, into body: inout [UInt8]) {
        body.append("\"usage\":{\"prompt_tokens\":")
        body.append(decimal: prompt)
        body.append(",\"completion_tokens\":")
        body.append(decimal: completion)
        body.append(",\"total_tokens\":")
        body.append(decimal: prompt + completion)
        body.append("}")
    }

    // MARK: Errors

    func error(_ status: Int, message: String? = nil, into body: inout [UInt8]) {
        let (type, code): (StaticString, StaticString) =
            switch status {
            case 401: ("authentication_error", "invalid_api_key")
            case 403: ("permission_error", "permission_denied")
            case 404: ("invalid_request_error", "model_not_found")
            case 402: ("insufficient_quota", "insufficient_quota")
            case 429: ("rate_limit_error", "rate_limit_exceeded")
            case 500...: ("server_error", "server_error")
            default: ("invalid_request_error", "invalid_request")
            }
        body.append("{\"error\":{\"message\":\"")
        body.append(escaped: (message ?? "\(Self.reason(status)) (simulated)").utf8)
        body.append("\",\"type\":\"")
        body.append(type)
        body.append("\",\"param\":null,\"code\":\"")
        body.append(code)
        body.append("\"}}")
    }

    // MARK: HTTP

    func reply(
        _ status: Int, type: StaticString = "application/json", headers: [UInt8] = [], body: [UInt8], keepsAlive: Bool,
        into bytes: inout [UInt8]
    ) {
        bytes.reserveCapacity(bytes.count + body.count + headers.count + 160)
        bytes.append("HTTP/1.1 ")
        bytes.append(decimal: status)
        bytes.append(" ")
        bytes.append(Self.reason(status))
        bytes.append("\r\nServer: inference-simulator\r\nContent-Type: ")
        bytes.append(type)
        bytes.append("\r\n")
        bytes.append(contentsOf: headers)
        if !keepsAlive { bytes.append("Connection: close\r\n") }
        bytes.append("Content-Length: ")
        bytes.append(decimal: body.count)
        bytes.append("\r\n\r\n")
        bytes.append(contentsOf: body)
    }

    /// The header lines that a 429 or 503 has.
    func retryAfter(_ settings: SimulatorSettings) -> [UInt8] {
        guard let seconds = settings.retryAfter else { return [] }
        var lines: [UInt8] = []
        if settings.retryAfterAsDate {
            var now = timespec()
            clock_gettime(CLOCK_REALTIME, &now)
            // Rounded up: never sooner than asked.
            let wait = seconds + Double(now.tv_nsec) / 1e9
            lines.append(text: "Date: \(Self.date(now.tv_sec))\r\n")
            lines.append(text: "Retry-After: \(Self.date(now.tv_sec + Int(wait.rounded(.up))))\r\n")
        } else {
            let whole = seconds.rounded() == seconds
            lines.append(text: "Retry-After: \(whole ? "\(Int(seconds))" : "\(seconds)")\r\n")
        }
        return lines
    }

    /// As in RFC 9110, section 5.6.7.
    private static func date(_ seconds: Int) -> String {
        var seconds = seconds
        var parts = tm()
        gmtime_r(&seconds, &parts)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            guard let base = buffer.baseAddress else { return "" }
            strftime(base, buffer.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
            return String(cString: base)
        }
    }

    private static func reason(_ status: Int) -> StaticString {
        switch status {
        case 200: "OK"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 402: "Payment Required"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 422: "Unprocessable Content"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        default: "Error"
        }
    }
}
