import JSON

/// Which members an object schema declares that says nothing about further ones: the others are taken out of answers.
///
/// As Data Designer has it, an object schema (`"type": "object"`, or with `properties`) without
/// `additionalProperties` is closed, but for a bare dictionary (`{"type": "object"}`, perhaps with a title). Unlike
/// there, what is composed by `allOf`, or by a `$ref` with keywords beside it, is one object: members that any part
/// declares stay. (There, every part takes out what the others declare, and nothing is left.)
enum SchemaClosing {
    struct Declared {
        var names: Set<ExactString> = []
        var patterns: [String] = []
        /// A part lets further members be.
        var isOpen = false
        var isObject = false
    }

    /// Nil for a schema that is not closed.
    static func declared(by place: SchemaLocation, _ registry: SchemaRegistry) -> Declared? {
        guard case .object(let schema) = place.value, schema["additionalProperties"] == nil, !isBare(schema) else {
            return nil
        }
        // A reference alone, or with notes beside it, is closed where it leads.
        if schema["$ref"] != nil, schema["properties"] == nil, schema["allOf"] == nil, schema["type"] == nil {
            return nil
        }
        var declared = Declared()
        var visited: Set<String> = []
        collect(place, registry, &declared, &visited)
        return declared.isObject && !declared.isOpen ? declared : nil
    }

    private static func isBare(_ schema: JSONObject) -> Bool {
        schema["type"] == .string("object") && (schema.count == 1 || (schema.count == 2 && schema["title"] != nil))
    }

    private static func collect(
        _ place: SchemaLocation, _ registry: SchemaRegistry, _ declared: inout Declared, _ visited: inout Set<String>
    ) {
        guard visited.insert("\(place.document)\(place.pointer)").inserted, visited.count < 1000,
            case .object(let schema) = place.value
        else { return }
        if schema["type"] == .string("object") || schema["properties"] != nil { declared.isObject = true }
        if let rest = schema["additionalProperties"], rest != .bool(false) { declared.isOpen = true }
        if let rest = schema["unevaluatedProperties"], rest != .bool(false) { declared.isOpen = true }
        if visited.count > 1, isBare(schema) { declared.isOpen = true }
        for name in schema["properties"]?.objectValue?.keys ?? [] { declared.names.insert(ExactString(name)) }
        declared.patterns += schema["patternProperties"]?.objectValue?.keys ?? []
        if let reference = schema["$ref"]?.stringValue, let target = registry.target(of: reference, from: place.base) {
            collect(target, registry, &declared, &visited)
        }
        for key in ["then", "else"] {
            if let part = place.child(key) { collect(part, registry, &declared, &visited) }
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            guard let parts = schema[key]?.arrayValue, let list = place.child(key) else { continue }
            for index in parts.indices {
                if let part = list.child("\(index)") { collect(part, registry, &declared, &visited) }
            }
        }
    }
}
