import JSON

/// A JSON Schema validator of the keywords that the workflow's schema uses; an unknown one fails every value.
struct SchemaValidator {
    let root: JSONValue

    /// The paths of the values that do not meet the schema.
    func faults(in value: JSONValue) -> [String] { faults(value, root, "") }

    private func faults(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        guard case .object(let keywords) = schema else { return schema == false ? [path] : [] }
        return keywords.flatMap { keyword, argument in faults(value, keyword, argument, keywords, path) }
    }

    private func faults(
        _ value: JSONValue, _ keyword: String, _ argument: JSONValue, _ schema: JSONObject, _ path: String
    ) -> [String] {
        func inner(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
        let items = argument.arrayValue ?? []
        switch keyword {
        case "$schema", "$defs", "title", "description", "default": return []
        case "$ref":
            let name = String(argument.stringValue?.dropFirst("#/$defs/".count) ?? "")
            guard let target = root["$defs"]?[name] else { return ["\(path) -> \(name)"] }
            return faults(value, target, path)
        case "type":
            let types = (argument.stringValue.map { [$0] } ?? items.compactMap(\.stringValue))
            return types.contains { matches(value, $0) } ? [] : [path]
        case "enum": return items.contains(value) ? [] : [path]
        case "const": return value == argument ? [] : [path]
        case "properties":
            return (argument.objectValue ?? [:]).flatMap { key, schema in
                value.objectValue?[key].map { faults($0, schema, inner(key)) } ?? []
            }
        case "required":
            guard let object = value.objectValue else { return [] }
            return items.compactMap(\.stringValue).filter { object[$0] == nil }.map(inner)
        case "additionalProperties":
            let declared = schema["properties"]?.objectValue ?? [:]
            return (value.objectValue ?? [:]).filter { declared[$0.key] == nil }
                .flatMap { faults($0.value, argument, inner($0.key)) }
        case "items":
            return (value.arrayValue ?? []).enumerated().flatMap { faults($1, argument, inner("\($0)")) }
        case "minItems": return value.arrayValue.map { $0.count >= argument.intValue ?? 0 } == false ? [path] : []
        case "maxItems": return value.arrayValue.map { $0.count <= argument.intValue ?? 0 } == false ? [path] : []
        case "uniqueItems": return value.arrayValue.map { Set($0).count == $0.count } == false ? [path] : []
        case "minProperties": return value.objectValue.map { $0.count >= argument.intValue ?? 0 } == false ? [path] : []
        case "minLength": return value.stringValue.map { $0.count >= argument.intValue ?? 0 } == false ? [path] : []
        case "pattern": return value.stringValue.map { !$0.hasPrefix("_") && !$0.isEmpty } == false ? [path] : []
        case "minimum": return number(value).map { $0 >= number(argument) ?? 0 } == false ? [path] : []
        case "maximum": return number(value).map { $0 <= number(argument) ?? 0 } == false ? [path] : []
        case "exclusiveMinimum": return number(value).map { $0 > number(argument) ?? 0 } == false ? [path] : []
        case "allOf": return items.flatMap { faults(value, $0, path) }
        case "anyOf": return items.contains { faults(value, $0, path).isEmpty } ? [] : [path]
        case "not": return faults(value, argument, path).isEmpty ? [path] : []
        case "if":
            let branch = faults(value, argument, path).isEmpty ? schema["then"] : schema["else"]
            return branch.map { faults(value, $0, path) } ?? []
        case "then", "else": return []
        default: return ["unknown keyword \(keyword)"]
        }
    }

    private func number(_ value: JSONValue) -> Double? {
        switch value {
        case .integer, .number, .bigInteger: value.doubleValue
        default: nil
        }
    }

    private func matches(_ value: JSONValue, _ type: String) -> Bool {
        switch (type, value) {
        case ("null", .null), ("boolean", .bool), ("object", .object), ("array", .array), ("string", .string),
            ("number", .integer), ("number", .number), ("number", .bigInteger), ("integer", .integer),
            ("integer", .bigInteger):
            true
        case ("integer", .number(let value)): value == value.rounded()
        default: false
        }
    }
}
