import Digest
package import JSON

extension Workflow {
    /// The workflow as a file of the full form, with every default written and the keys in the library's order: what a
    /// job stores, and what an export puts into `builder_config.json`. Loading it gives this workflow again.
    ///
    /// Columns of the seed are left out, since they come from the data. Built-in models are written out.
    package var canonicalJSON: JSONObject {
        ["data_designer": .object(inner), "library_version": .string(libraryVersion)]
    }

    private var inner: JSONObject {
        [
            "columns": .array(columns.filter { $0.kind != .seed }.map { .object($0.json) }),
            "model_configs": .array(models.map { .object($0.json) }),
            "tool_configs": .array(tools.map { .object($0.json) }),
            "seed_config": seed.map { .object($0.json) } ?? .null,
            "constraints": Self.list(constraints.map(\.json)),
            "profilers": Self.list(profilers.map(\.json)),
            "processors": Self.list(processors.map(\.json)),
        ]
    }

    private static func list(_ items: [JSONObject]) -> JSONValue {
        items.isEmpty ? .null : .array(items.map { .object($0) })
    }

    /// What decides the data, as a hash: `sha256:` and 64 hex digits. Two workflows that differ only in how they are
    /// run (health checks, timeouts, parallel requests, profilers, where a seed is fetched from) have the same; the
    /// order of columns counts. Data Designer's version 2 of it, and equal to it byte for byte.
    package var fingerprint: String {
        var config = inner
        config["profilers"] = nil
        for key in ["model_configs", "tool_configs", "constraints", "processors"]
        where config[key]?.isNull == true || config[key]?.arrayValue?.isEmpty == true {
            config[key] = nil
        }
        if config["model_configs"] != nil {
            config["model_configs"] = .array(
                models.sorted { $0.alias.utf8.lexicographicallyPrecedes($1.alias.utf8) }.map { .object($0.identity) })
        }
        if config["tool_configs"] != nil {
            config["tool_configs"] = .array(
                tools.sorted { $0.alias.utf8.lexicographicallyPrecedes($1.alias.utf8) }.map { .object($0.identity) })
        }
        if let seed { config["seed_config"] = .object(seed.identity) }
        return "sha256:" + SHA256(of: JSONValue.object(config).serializedBytes(.canonical)).hex
    }

    /// The version of the fingerprint's rules.
    package static let fingerprintVersion = 2
}

extension JSONValue {
    static func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
    static func optional(_ number: Int?) -> JSONValue { number.map { .integer(Int64($0)) } ?? .null }
    static func optional(_ number: Double?) -> JSONValue { number.map { .number($0) } ?? .null }
    static func optional(_ object: JSONObject?) -> JSONValue { object.map { .object($0) } ?? .null }
    static func integer(_ number: Int) -> JSONValue { .integer(Int64(number)) }
    static func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
    static func numbers(_ numbers: [Double]) -> JSONValue { .array(numbers.map { .number($0) }) }
}
