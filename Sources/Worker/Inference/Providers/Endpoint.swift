package import HTTP
package import JSON

/// An endpoint of a provider, ready to be called.
package struct Endpoint: Sendable {
    /// How an endpoint wants to be spoken to.
    package enum Dialect: String, Hashable, Sendable, CaseIterable {
        case openAI = "openai"
        case anthropic
        /// No model's: rows are POSTed to it, to the endpoint's own URL.
        case http
    }

    package let url: EndpointURL
    package let dialect: Dialect
    /// Shared by all requests.
    package let headers: HTTPHeaders
    /// The provider's members for the top level of every body.
    package let extraBody: JSONObject
    /// Where it says how many calls wait; nil where it is not to be asked.
    package let queueGauge: QueueGauge?
    private let credential: Credential?
    private let scope: String?

    /// - Throws: `HTTPError` with `.invalidHeader` for a key or an extra header that cannot be sent.
    init(
        url: EndpointURL, dialect: Dialect = .openAI, credential: Credential? = nil,
        extraHeaders: [(name: String, value: String)] = [], extraBody: JSONObject = [:], scope: String? = nil,
        queueMetrics: String? = nil, queueGaugeName: String? = nil
    ) throws(HTTPError) {
        self.url = url
        self.dialect = dialect
        self.extraBody = extraBody
        self.credential = credential
        self.scope = scope
        queueGauge = Self.queueGauge(url, dialect, queueMetrics, queueGaugeName)
        var fields = [(name: "Content-Type", value: "application/json"), (name: "Accept", value: "application/json")]
        switch dialect {
        case .openAI, .http:
            if let credential { fields.append(("Authorization", "Bearer \(credential.secret)")) }
        case .anthropic:
            if let credential { fields.append(("x-api-key", credential.secret)) }
            fields.append(("anthropic-version", "2023-06-01"))
        }
        let replaced = Set(extraHeaders.map { $0.name.lowercased() })
        headers = try HTTPHeaders(fields.filter { !replaced.contains($0.name.lowercased()) } + extraHeaders)
    }

    package var chatURL: String {
        switch dialect {
        case .openAI: url.route("/chat/completions")
        case .http: url.route("")
        case .anthropic: url.route(url.path.hasSuffix("/v1") ? "/messages" : "/v1/messages")
        }
    }

    /// Where rows go.
    package var rowsURL: String { url.route("") }

    var embeddingsURL: String { url.route("/embeddings") }
    var imagesURL: String { url.route("/images/generations") }

    /// A GET that costs nothing and says whether the endpoint is there and takes the key.
    package var modelsURL: String {
        if dialect == .http { return rowsURL }
        return modelsRoute
    }

    private var modelsRoute: String {
        url.route(dialect == .anthropic && !url.path.hasSuffix("/v1") ? "/v1/models" : "/models")
    }

    /// The environment variable that holds the key; nil without a key.
    package var keyVariable: String? { credential?.variable }

    /// What shares a limit: the scope that the operator named, else the URL, and with it the worker's host where every
    /// host has its own server behind that URL.
    package func limitKey(model: String, domain: LimitKey.Domain = .chat, workerHost: String) -> LimitKey {
        let endpoint = scope ?? (url.isPerHost ? "\(url)@\(workerHost.lowercased())" : "\(url)")
        return LimitKey(
            endpoint: endpoint, credential: credential?.fingerprint ?? "-", model: model, domain: domain)
    }

    private static func queueGauge(
        _ url: EndpointURL, _ dialect: Dialect, _ metrics: String?, _ name: String?
    ) -> QueueGauge? {
        if metrics == "off" || dialect != .openAI && metrics == nil { return nil }
        let names = name.map { [$0] } ?? QueueGauge.knownNames
        if let metrics { return QueueGauge(urls: [metrics], names: names) }
        // vLLM has it beside /v1, NIM below it.
        let root = url.path.hasSuffix("/v1") ? String("\(url)".dropLast(3)) : "\(url)"
        return QueueGauge(urls: [root + "/metrics", url.route("/metrics")], names: names)
    }

    func hidingKey(in text: String) -> String {
        guard let credential else { return text }
        return ErrorText.hiding(credential.secret, in: text, runsOf: 6)
    }
}
