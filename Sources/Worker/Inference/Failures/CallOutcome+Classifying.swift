package import HTTP
import JSON

extension CallOutcome {
    /// Says what a call brought (design: "When a call fails").
    ///
    /// - Parameters:
    ///   - ask: what was sent: a failure's message never repeats it.
    ///   - endpoint: its key is not repeated either.
    package init(_ result: Result<HTTPResponse, HTTPError>, of ask: ModelAsk, by endpoint: Endpoint) {
        switch result {
        case .success(let response):
            self.init(
                status: response.status, body: response.body, retryAfter: RetryAfter.parse(response.headers),
                of: ask, by: endpoint)
        case .failure(let error):
            guard let failure = CallFailure(error) else {
                self = .cancelled
                return
            }
            self = .failed(failure)
        }
    }

    init(
        status: Int, body: [UInt8], retryAfter: Duration? = nil, of ask: ModelAsk, by endpoint: Endpoint
    ) {
        if (200..<300).contains(status) {
            do {
                let root = try JSONValue(parsing: body, options: .python)
                // Gateways send a server's refusal with a 200.
                if let hidden = Self.hiddenStatus(root) {
                    self = .failed(
                        CallFailure(
                            status: hidden, EndpointError(root), retryAfter: nil, sent: ask.texts, by: endpoint))
                } else {
                    self = .reply(try Self.reply(root, to: ask))
                }
            } catch {
                self = .failed(CallFailure(kind: .malformedReply, message: "\(error)", status: status))
            }
            return
        }
        self = .failed(
            CallFailure(
                status: status, EndpointError(parsing: body), retryAfter: retryAfter, sent: ask.texts, by: endpoint))
    }

    /// What the body of a good reply says: for those who made the call themselves.
    package init(reading body: [UInt8], of ask: ModelAsk) {
        do {
            self = .reply(try Self.reply(JSONValue(parsing: body, options: .python), to: ask))
        } catch {
            self = .failed(CallFailure(kind: .malformedReply, message: "\(error)", status: 200))
        }
    }

    private static func reply(_ root: JSONValue, to ask: ModelAsk) throws(ModelReply.NotAReply) -> ModelReply {
        switch ask {
        case .chat: try ModelReply(root)
        case .embeddings(let inputs): try ModelReply(embeddings: root, count: inputs.count)
        case .image(let ask): try ModelReply(images: root, to: ask)
        }
    }

    private static func hiddenStatus(_ root: JSONValue) -> Int? {
        // Some send an empty list, or null, beside it.
        guard root["choices"]?[0] == nil, root["data"]?[0] == nil, let status = EndpointError(root).status,
            (400..<600).contains(status)
        else {
            return nil
        }
        return status
    }
}

extension CallFailure {
    /// Nil when it was this worker that ended the call.
    init?(_ error: HTTPError) {
        let kind: FailureKind
        switch error.code {
        case .cancelled: return nil
        case .tlsFailed: kind = .tls
        case .timedOut: kind = .timeout
        case .connectionClosed: kind = .closedEarly
        case .malformedReply: kind = .malformedReply
        case .bodyTooLarge: kind = .replyTooLarge
        // What libcurl has no better name for is no cell's fault: no record may be dropped for it.
        default: kind = .connection
        }
        self.init(kind: kind, message: error.detail)
    }

    /// - Parameter sent: texts that the message must not repeat.
    init(
        status: Int, _ error: EndpointError, retryAfter: Duration?, sent: [String], by endpoint: Endpoint
    ) {
        let kind = FailureKind(status: status, error, hasRetryAfter: retryAfter != nil)
        var text = String(error.message.unicodeScalars.prefix(4_000).map(Character.init))
        for sent in sent { text = ErrorText.hiding(sent, in: text, runsOf: 20) }
        text = endpoint.hidingKey(in: text)
        let said = text.isEmpty ? "" : ": \(text)"
        var advice = ""
        if kind == .authentication || kind == .permission, let variable = endpoint.keyVariable {
            advice = " (see the key in \(variable))"
        }
        if (300..<400).contains(status) {
            advice = " (redirects are not followed: write the final URL into providers.yaml)"
        }
        self.init(kind: kind, message: "HTTP \(status)\(advice)\(said)", status: status, retryAfter: retryAfter)
    }
}

extension FailureKind {
    /// The kind of a reply that is none of the 2xx.
    fileprivate init(status: Int, _ error: EndpointError, hasRetryAfter: Bool) {
        switch status {
        case 429: self = .rateLimited
        case 503 where hasRetryAfter, 529 where hasRetryAfter: self = .overloaded
        case 502, 503, 504: self = .unavailable
        case 500...: self = .serverError
        case 408: self = .timeout
        case 402: self = .quota
        case 401, 407: self = error.isAboutQuota ? .quota : .authentication
        case 403: self = error.isAboutQuota ? .quota : .permission
        case 300..<400, 404: self = .notFound
        case 413: self = error.isAboutContext ? .contextWindow : .payloadTooLarge
        case 422: self = error.isAboutContext ? .contextWindow : .unprocessable
        case 400:
            if error.isAboutQuota {
                self = .quota
            } else if error.says("model_not_found", "invalid_model") {
                self = .notFound
            } else if error.says("invalid_api_key", "authentication_error") {
                self = .authentication
            } else {
                self = error.isAboutContext ? .contextWindow : .badRequest
            }
        default: self = .clientError
        }
    }
}

extension EndpointError {
    fileprivate var isAboutQuota: Bool {
        says("quota", "billing", "insufficient_funds", "insufficient_credits")
            || mentions("exceeded your current quota", "credit balance is too low", "insufficient credits")
    }

    fileprivate var isAboutContext: Bool {
        says("context_length", "context_window")
            || mentions(
                "maximum context length", "context window", "context length of", "prompt is too long",
                "longer than the maximum model length", "reduce the length of the")
    }
}
