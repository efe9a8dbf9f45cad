import EventLoop

/// Takes each request where it belongs, and answers what is not a call to a model itself.
final class Router {
    private let service: ModelService
    private let writer = ReplyWriter()

    init(service: ModelService) { self.service = service }

    func handle(_ request: ParsedRequest, on connection: ServerConnection) {
        let head = request.head
        switch (head.method, head.path) {
        case (.post, "/v1/chat/completions"):
            guard let chat = ChatRequest(request.bytes, request.body) else {
                return badRequest("the body needs \"model\" and a list of \"messages\"", head, connection)
            }
            guard !chat.streams else { return badRequest("this simulator does not stream", head, connection) }
            service.chat(chat, request, on: connection)
        case (.post, "/v1/messages"):
            guard var chat = ChatRequest(request.bytes, request.body), chat.maximumTokens != nil else {
                return badRequest("the body needs \"model\", \"max_tokens\" and \"messages\"", head, connection)
            }
            guard !chat.streams else { return badRequest("this simulator does not stream", head, connection) }
            chat.dialect = .anthropic
            service.chat(chat, request, on: connection)
        case (.post, "/v1/embeddings"):
            guard let embeddings = EmbeddingRequest(request.bytes, request.body) else {
                return badRequest("the body needs \"model\" and \"input\" in text", head, connection)
            }
            service.embeddings(embeddings, request, on: connection)
        case (.post, "/rows"):
            guard let rows = RowsRequest(request.bytes, request.body) else {
                return badRequest("the body needs \"data\", a list of objects", head, connection)
            }
            service.rows(rows, request, on: connection)
        case (.post, "/v1/images/generations"):
            guard let images = ImageRequest(request.bytes, request.body) else {
                return badRequest("the body needs \"model\" and \"prompt\"", head, connection)
            }
            service.images(images, request, on: connection)
        case (.get, "/v1/models"): answer(models(), head, connection)
        case (.get, "/health"), (.get, "/v1/health/ready"), (.get, "/v1/health/live"):
            answer(Array("{\"status\":\"ok\"}\n".utf8), head, connection)
        case (.get, "/metrics"):
            let text = StatisticsWriter(statistics: service.statistics, settings: service.settings).metrics()
            answer(text, type: "text/plain; version=0.0.4; charset=utf-8", head, connection)
        case (.get, "/stats"):
            let parameters = Self.parameters(head.query)
            func value(_ name: String) -> String? { parameters.last { $0.name == name }?.value }
            let writer = StatisticsWriter(statistics: service.statistics, settings: service.settings)
            let account = service.account(of: value("model"))
            if value("from") != nil || value("to") != nil {
                let from = value("from").map { Int($0) } ?? 0
                guard let from, let to = value("to").map({ Int($0) }) ?? .max else {
                    return fail(400, "from and to are whole seconds", head, connection)
                }
                answer(writer.window(account, from: from, to: to), head, connection)
            } else {
                answer(writer.json(model: value("model"), account), head, connection)
            }
        case (.get, "/requests"):
            var text: [UInt8] = []
            service.log.write(into: &text)
            answer(text, type: "application/x-ndjson", head, connection)
        case (.post, "/config"): configure(head, connection)
        case (.post, "/reset"):
            service.reset()
            answer(Array("{\"status\":\"ok\"}\n".utf8), head, connection)
        default:
            fail(404, "there is no \(head.path)", head, connection)
        }
    }

    /// The reply to bytes that are no request; the connection closes after it.
    func refuse(_ status: Int, _ reason: StaticString) -> [UInt8] {
        service.badRequest()
        var body: [UInt8] = []
        writer.error(status, message: "\(reason)", into: &body)
        var bytes: [UInt8] = []
        writer.reply(status, body: body, keepsAlive: false, into: &bytes)
        return bytes
    }

    private func configure(_ head: RequestHead, _ connection: ServerConnection) {
        var settings = service.settings
        do {
            for (name, value) in Self.parameters(head.query) { try settings.set(name, to: value) }
        } catch {
            return fail(400, error.detail, head, connection)
        }
        service.configure(settings)
        answer(Array("{\"status\":\"ok\"}\n".utf8), head, connection)
    }

    private func models() -> [UInt8] {
        var names = Set(service.settings.models.keys)
        names.formUnion(service.statistics.models.keys)
        if names.isEmpty { names = ["simulated-model"] }
        var body: [UInt8] = []
        body.append("{\"object\":\"list\",\"data\":[")
        for (index, name) in names.sorted().enumerated() {
            if index > 0 { body.append(",") }
            body.append("{\"id\":\"")
            body.append(escaped: name.utf8)
            body.append("\",\"object\":\"model\",\"created\":1700000000,\"owned_by\":\"inference-simulator\"}")
        }
        body.append("]}\n")
        return body
    }

    private func badRequest(_ message: String, _ head: RequestHead, _ connection: ServerConnection) {
        service.badRequest()
        fail(400, message, head, connection)
    }

    private func fail(_ status: Int, _ message: String, _ head: RequestHead, _ connection: ServerConnection) {
        var body: [UInt8] = []
        writer.error(status, message: message, into: &body)
        answer(body, status: status, head, connection)
    }

    private func answer(
        _ body: [UInt8], status: Int = 200, type: StaticString = "application/json", _ head: RequestHead,
        _ connection: ServerConnection
    ) {
        let reply = connection.hold()
        writer.reply(status, type: type, body: body, keepsAlive: head.keepsAlive, into: &reply.bytes)
        if !head.keepsAlive { reply.ending = .closes }
        reply.isReady = true
    }

    /// `name=value&...`, percent-decoded.
    static func parameters(_ query: String) -> [(name: String, value: String)] {
        query.split(separator: "&").map { pair in
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decoded(halves[0]), halves.count > 1 ? decoded(halves[1]) : "")
        }
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var left = text.utf8[...]
        while let byte = left.popFirst() {
            if byte == UInt8(ascii: "%"), let code = UInt8(String(left.prefix(2)) ?? "", radix: 16) {
                bytes.append(code)
                left = left.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? 32 : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
