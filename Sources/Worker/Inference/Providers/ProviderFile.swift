import JSON
import Yams

/// Reads `providers.yaml`: a list `providers` of mappings, unknown keys refused.
package struct ProviderFile {
    private static let keys = [
        "name", "endpoint", "provider_type", "api_key", "extra_headers", "extra_body", "max_parallel_requests",
        "limit_scope", "queue_metrics", "queue_gauge", "remote_urls",
    ]

    private let path: String
    private let suggestion: (String, [String]) -> String
    private var problems: [String] = []

    /// The providers of a file.
    ///
    /// - Parameter suggestion: what to put behind a problem with an unknown word, given the known ones, such as
    ///   ` Did you mean endpoint?`.
    /// - Throws: `ProviderError` with everything that is wrong in the file. Keys are looked up later.
    package static func load(
        _ path: String, suggestion: @escaping (String, [String]) -> String = { _, _ in "" }
    ) throws(ProviderError) -> ProviderTable {
        guard let text = FileText.read(path) else { throw ProviderError(problems: ["cannot read \(path)"]) }
        return try parse(text, path: path, suggestion: suggestion)
    }

    static func parse(
        _ text: String, path: String, suggestion: @escaping (String, [String]) -> String = { _, _ in "" }
    ) throws(ProviderError) -> ProviderTable {
        var reader = ProviderFile(path: path, suggestion: suggestion)
        let definitions = reader.definitions(text)
        guard reader.problems.isEmpty else { throw ProviderError(problems: reader.problems) }
        return ProviderTable(definitions)
    }

    private init(path: String, suggestion: @escaping (String, [String]) -> String) {
        self.path = path
        self.suggestion = suggestion
    }

    private mutating func definitions(_ text: String) -> [ProviderTable.Definition] {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            problems.append("\(path): not YAML: \(Self.reason(of: error))")
            return []
        }
        guard let root, let members = ProviderNode(node: root, path: path).members else {
            problems.append("\(path): must be a mapping with the list \"providers\"")
            return []
        }
        var list: ProviderNode?
        for (key, value) in members {
            let name = key.text ?? ""
            if name == "providers" {
                list = value
            } else {
                problems.append("\(key.place): unknown key \"\(name)\".\(suggestion(name, ["providers"]))")
            }
        }
        guard let elements = list?.elements else {
            if problems.isEmpty { problems.append("\(path): must have a list \"providers\"") }
            return []
        }
        var definitions: [ProviderTable.Definition] = []
        for element in elements {
            guard let definition = definition(element) else { continue }
            if definitions.contains(where: { $0.name == definition.name }) {
                problems.append("\(element.place): provider \(definition.name) is there twice")
            }
            definitions.append(definition)
        }
        return definitions
    }

    private mutating func definition(_ element: ProviderNode) -> ProviderTable.Definition? {
        guard let members = element.members else {
            problems.append("\(element.place): a provider must be a mapping")
            return nil
        }
        var fields: [String: ProviderNode] = [:]
        for (key, value) in members {
            let name = key.text ?? ""
            if Self.keys.contains(name) {
                if !value.isNull { fields[name] = value }
            } else {
                problems.append("\(key.place): unknown key \"\(name)\".\(suggestion(name, Self.keys))")
            }
        }
        guard let name = required("name", fields, element), let url = url(fields, element, name) else { return nil }
        if ["tools", "remote"].contains(name) {
            problems.append("\(element.place): \(name) is the name of routes of validation columns: choose another one")
        }
        return ProviderTable.Definition(
            name: name, url: url, dialect: dialect(fields["provider_type"]) ?? .openAI,
            keyVariable: text(fields["api_key"], "api_key", "the name of an environment variable"),
            extraHeaders: headers(fields["extra_headers"]), extraBody: body(fields["extra_body"]),
            caps: caps(fields["max_parallel_requests"]), scope: text(fields["limit_scope"], "limit_scope", "a word"),
            queueMetrics: metrics(fields["queue_metrics"]),
            queueGauge: text(fields["queue_gauge"], "queue_gauge", "the name of a metric"),
            remoteURLs: urls(fields["remote_urls"]),
            place: element.place)
    }

    private mutating func required(
        _ key: String, _ fields: [String: ProviderNode], _ element: ProviderNode
    ) -> String? {
        if let text = fields[key]?.text, !text.isEmpty { return text }
        problems.append("\((fields[key] ?? element).place): a provider must have \"\(key)\", a text")
        return nil
    }

    private mutating func url(
        _ fields: [String: ProviderNode], _ element: ProviderNode, _ name: String
    ) -> EndpointURL? {
        guard let text = required("endpoint", fields, element) else { return nil }
        do throws(EndpointURL.Invalid) {
            return try EndpointURL(text)
        } catch {
            problems.append("\((fields["endpoint"] ?? element).place): the endpoint of \(name) \(error.reason)")
            return nil
        }
    }

    private mutating func dialect(_ node: ProviderNode?) -> Endpoint.Dialect? {
        guard let node else { return nil }
        let known = Endpoint.Dialect.allCases.map(\.rawValue)
        if let dialect = Endpoint.Dialect(rawValue: node.text?.lowercased() ?? "") { return dialect }
        problems.append(
            "\(node.place): provider_type must be \(known.joined(separator: " or ")).\(suggestion(node.text ?? "", known))"
        )
        return nil
    }

    private mutating func text(_ node: ProviderNode?, _ key: String, _ what: String) -> String? {
        guard let node else { return nil }
        if let text = node.text, !text.isEmpty { return text }
        problems.append("\(node.place): \(key) must be \(what)")
        return nil
    }

    /// A URL, or `off`.
    private mutating func metrics(_ node: ProviderNode?) -> String? {
        guard let node else { return nil }
        let text = node.text ?? ""
        // YAML 1.1 reads a bare off as false.
        if ["off", "false", "no"].contains(text.lowercased()) { return "off" }
        if (try? EndpointURL(text)) != nil { return text }
        problems.append("\(node.place): queue_metrics must be the URL of the endpoint's metrics, or off")
        return nil
    }

    private mutating func urls(_ node: ProviderNode?) -> [EndpointURL] {
        guard let node else { return [] }
        let urls = node.elements?.compactMap { element in element.text.flatMap { try? EndpointURL($0) } }
        if let urls, urls.count == node.elements?.count { return urls }
        problems.append("\(node.place): remote_urls must be a list of URLs")
        return []
    }

    private mutating func headers(_ node: ProviderNode?) -> [(name: String, value: String)] {
        guard let node else { return [] }
        let fields = node.members?.compactMap { key, value in
            key.text.flatMap { name in value.text.map { (name: name, value: $0) } }
        }
        if let fields, fields.count == node.members?.count { return fields }
        problems.append("\(node.place): extra_headers must be a mapping of names to texts")
        return []
    }

    private mutating func body(_ node: ProviderNode?) -> JSONObject {
        guard let node else { return [:] }
        if let object = node.json.objectValue { return object }
        problems.append("\(node.place): extra_body must be a mapping")
        return [:]
    }

    private mutating func caps(_ node: ProviderNode?) -> [String: Int] {
        guard let node else { return [:] }
        // An endpoint of provider_type http has one route, whose model is "http".
        if let cap = node.text.flatMap({ Int($0) }), (1...1_000_000).contains(cap) { return ["http": cap] }
        guard let members = node.members else {
            problems.append(
                "\(node.place): max_parallel_requests must be a mapping of models to numbers, or for provider_type http a "
                    + "number from 1 on")
            return [:]
        }
        var caps: [String: Int] = [:]
        for (key, value) in members {
            let model = key.text ?? ""
            if let cap = value.text.flatMap({ Int($0) }), (1...1_000_000).contains(cap) {
                caps[model] = cap
            } else {
                problems.append("\(value.place): max_parallel_requests of \(model) must be a whole number from 1 on")
            }
        }
        return caps
    }

    private static func reason(of error: any Error) -> String {
        guard let error = error as? YamlError else { return String(describing: error) }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return "line \(mark.line), column \(mark.column): \(problem)"
        case .duplicatedKeysInMapping(let duplicates, _):
            return "there twice: \(duplicates.map { String(describing: $0) }.sorted().joined(separator: ", "))"
        default: return String(describing: error)
        }
    }
}
