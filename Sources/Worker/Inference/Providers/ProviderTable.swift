import JSON

/// The providers that a worker can serve, by name: those of its file, and the three that are built in.
///
/// A provider of the file takes the place of a built-in one of the same name.
package struct ProviderTable: Sendable {
    /// A provider as it was written, its key not yet looked up.
    struct Definition: Sendable {
        let name: String
        let url: EndpointURL
        let dialect: Endpoint.Dialect
        let keyVariable: String?
        let extraHeaders: [(name: String, value: String)]
        let extraBody: JSONObject
        let caps: [String: Int]
        let scope: String?
        var queueMetrics: String?
        var queueGauge: String?
        var remoteURLs: [EndpointURL] = []
        /// Where it was written, for problems; nil for a built-in one.
        let place: String?
    }

    /// Data Designer's default providers.
    static let builtIn: [(name: String, endpoint: String, keyVariable: String)] = [
        ("nvidia", "https://integrate.api.nvidia.com/v1", "NVIDIA_API_KEY"),
        ("openai", "https://api.openai.com/v1", "OPENAI_API_KEY"),
        ("openrouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
    ]

    /// In the order of the file, the built-in ones last.
    private let definitions: [Definition]

    /// The built-in providers alone.
    package init() { self.init([]) }

    init(_ written: [Definition]) {
        let names = Set(written.map(\.name))
        definitions =
            written
            + Self.builtIn.compactMap { provider in
                guard !names.contains(provider.name), let url = try? EndpointURL(provider.endpoint) else { return nil }
                return Definition(
                    name: provider.name, url: url, dialect: .openAI, keyVariable: provider.keyVariable,
                    extraHeaders: [], extraBody: [:], caps: [:], scope: nil, place: nil)
            }
    }

    /// Providers of these names, all at one endpoint without a key, and none else: a simulator.
    ///
    /// - Parameters:
    ///   - rows: names of providers of type http.
    ///   - remoteURLs: of remote validators, which go there, too.
    /// - Throws: `ProviderError` for an endpoint that is no URL.
    package init(
        serving names: [String], at endpoint: String, rows: [String] = [], remoteURLs: [String] = [],
        at rowsEndpoint: String = ""
    ) throws(ProviderError) {
        func definition(_ name: String, _ url: EndpointURL, _ dialect: Endpoint.Dialect) -> Definition {
            Definition(
                name: name, url: url, dialect: dialect, keyVariable: nil, extraHeaders: [], extraBody: [:], caps: [:],
                scope: nil, place: "the simulator")
        }
        let url = try Self.url(endpoint)
        var definitions = names.map { definition($0, url, .openAI) }
        if !rows.isEmpty || !remoteURLs.isEmpty {
            let url = try Self.url(rowsEndpoint)
            definitions += rows.map { definition($0, url, .http) }
            var remote = definition("simulated", url, .http)
            for url in remoteURLs { remote.remoteURLs.append(try Self.url(url)) }
            definitions.append(remote)
        }
        self.definitions = definitions
    }

    private static func url(_ text: String) throws(ProviderError) -> EndpointURL {
        do throws(EndpointURL.Invalid) {
            return try EndpointURL(text)
        } catch {
            throw ProviderError(problems: ["\(text) \(error.reason)"])
        }
    }

    package var names: [String] { definitions.map(\.name) }

    /// The providers to serve, with their keys.
    ///
    /// - Parameters:
    ///   - serve: their names; empty: all of the file, and those of the built-in ones whose key is there.
    ///   - environment: where keys are looked up, as `NAME`, else in the file that `NAME_FILE` names.
    ///   - allowsNone: whether there may be none to serve.
    ///   - suggestion: what to put behind a problem with an unknown name, given the known ones.
    /// - Throws: `ProviderError` for unknown names, for keys that are not set or cannot be sent, and when nothing is
    ///   left to serve.
    package func resolve(
        serve: [String] = [], environment: [String: String], allowsNone: Bool = false,
        suggestion: (String, [String]) -> String = { _, _ in "" }
    ) throws(ProviderError) -> [Provider] {
        var problems: [String] = []
        for name in serve where !names.contains(name) {
            problems.append("unknown provider \"\(name)\".\(suggestion(name, names))")
        }
        var providers: [Provider] = []
        for definition in definitions where serve.isEmpty || serve.contains(definition.name) {
            do throws(ProviderProblem) {
                providers.append(try definition.resolved(environment))
            } catch {
                if serve.isEmpty, definition.place == nil { continue }
                let place = definition.place.map { "\($0): " } ?? ""
                problems.append("\(place)provider \(definition.name): \(error.text)")
            }
        }
        if problems.isEmpty, providers.isEmpty, !allowsNone {
            let keys = Self.builtIn.map(\.keyVariable).joined(separator: ", ")
            problems.append("no provider to serve: name some in a providers file, or set one of \(keys)")
        }
        guard problems.isEmpty else { throw ProviderError(problems: problems) }
        return providers
    }
}

/// What is wrong with one provider.
struct ProviderProblem: Error {
    let text: String
    init(_ text: String) { self.text = text }
}

extension ProviderTable.Definition {
    fileprivate func resolved(_ environment: [String: String]) throws(ProviderProblem) -> Provider {
        let endpoint: Endpoint
        do {
            endpoint = try Endpoint(
                url: url, dialect: dialect, credential: try credential(environment), extraHeaders: extraHeaders,
                extraBody: extraBody, scope: scope, queueMetrics: queueMetrics,
                queueGaugeName: queueGauge)
        } catch let problem as ProviderProblem {
            throw problem
        } catch {
            throw ProviderProblem("its key or one of its extra_headers has a line break or is no header")
        }
        return Provider(name: name, endpoint: endpoint, caps: caps, remoteURLs: remoteURLs)
    }

    private func credential(_ environment: [String: String]) throws(ProviderProblem) -> Credential? {
        guard let keyVariable else { return nil }
        if let secret = environment[keyVariable], !secret.isEmpty {
            return Credential(variable: keyVariable, secret: secret)
        }
        if let path = environment[keyVariable + "_FILE"], !path.isEmpty {
            guard let text = FileText.read(path) else {
                throw ProviderProblem("cannot read \(path), which \(keyVariable)_FILE names")
            }
            let secret = String(text.prefix { !$0.isNewline })
            guard !secret.isEmpty else { throw ProviderProblem("\(path), which \(keyVariable)_FILE names, is empty") }
            return Credential(variable: keyVariable, secret: secret)
        }
        // Somebody may have written the key itself: it is not repeated.
        let isName = keyVariable.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
            default: false
            }
        }
        guard isName else {
            throw ProviderProblem("its api_key must be the name of an environment variable that is set, not a key")
        }
        throw ProviderProblem("the environment variable \(keyVariable), which its api_key names, is not set")
    }
}
