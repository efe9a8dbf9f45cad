import JSON
import Spelling

/// Checks that a JSON Schema (draft 2020-12) can be used: keywords of the right kind, and references that lead
/// somewhere. The library finds out only when the first answer comes.
struct SchemaChecker {
    struct Fault: Hashable {
        let path: SourcePath
        let message: String
        let suggestion: String?
    }

    private static let types = ["null", "boolean", "object", "array", "number", "integer", "string"]
    /// Keywords whose value is one schema, a list of schemas, or a mapping of names to schemas.
    private static let schemas: Set<String> = [
        "additionalProperties", "items", "contains", "not", "if", "then", "else", "propertyNames",
        "unevaluatedItems", "unevaluatedProperties",
    ]
    private static let lists: Set<String> = ["allOf", "anyOf", "oneOf", "prefixItems"]
    private static let mappings: Set<String> = [
        "properties", "patternProperties", "$defs", "definitions", "dependentSchemas",
    ]
    private static let counts: Set<String> = [
        "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minContains",
        "maxContains",
    ]
    private static let numbers: Set<String> = [
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    ]

    private let root: JSONValue
    private var faults: [Fault] = []

    /// What is wrong with a schema that stands at `path`.
    static func faults(in schema: JSONObject, at path: SourcePath) -> [Fault] {
        var checker = SchemaChecker(root: .object(schema))
        checker.check(.object(schema), at: path)
        return checker.faults
    }

    private init(root: JSONValue) { self.root = root }

    private mutating func report(_ path: SourcePath, _ message: String, _ suggestion: String? = nil) {
        faults.append(Fault(path: path, message: message, suggestion: suggestion))
    }

    private mutating func check(_ schema: JSONValue, at path: SourcePath) {
        if case .bool = schema { return }
        guard case .object(let keywords) = schema else {
            report(path, "must be a schema (a mapping, true or false), not \(schema.kindName)")
            return
        }
        for (keyword, value) in keywords { check(keyword, value, at: path[keyword]) }
    }

    private mutating func check(_ keyword: String, _ value: JSONValue, at path: SourcePath) {
        switch keyword {
        case "type": checkType(value, at: path)
        case "required": checkTexts(value, at: path)
        case "enum":
            if value.arrayValue?.isEmpty != false { report(path, "must be a list of at least one value") }
        case "$ref": checkReference(value, at: path)
        case "pattern":
            if value.stringValue == nil { report(path, "must be text") }
        case _ where Self.schemas.contains(keyword): check(value, at: path)
        case _ where Self.lists.contains(keyword):
            guard let items = value.arrayValue, !items.isEmpty else {
                return report(path, "must be a list of at least one schema")
            }
            for (index, item) in items.enumerated() { check(item, at: path[index]) }
        case _ where Self.mappings.contains(keyword):
            guard let members = value.objectValue else {
                return report(path, "must be a mapping of names to schemas, not \(value.kindName)")
            }
            for (name, member) in members { check(member, at: path[name]) }
        case _ where Self.counts.contains(keyword):
            if value.intValue.map({ $0 >= 0 }) != true { report(path, "must be an integer of at least 0") }
        case _ where Self.numbers.contains(keyword):
            if value.doubleValue == nil { report(path, "must be a number") }
            if keyword == "multipleOf", value.doubleValue.map({ $0 > 0 }) == false { report(path, "must be above 0") }
        default: break
        }
    }

    private mutating func checkType(_ value: JSONValue, at path: SourcePath) {
        let names: [JSONValue]
        switch value {
        case .string: names = [value]
        case .array(let items) where !items.isEmpty: names = items
        default: return report(path, "must be the name of a type, or a list of names")
        }
        for name in names {
            guard let word = name.stringValue, !Self.types.contains(word) else {
                if name.stringValue == nil { report(path, "must be the name of a type, or a list of names") }
                continue
            }
            let python = [
                "str": "string", "int": "integer", "float": "number", "bool": "boolean", "list": "array",
                "dict": "object",
            ]
            let meant = python[word].map { "Did you mean \($0)?" }
            report(
                path, "is \(word), which is no type of JSON",
                meant ?? Suggestion.sentence(for: word, among: Self.types)
                    ?? "There are: \(Self.types.joined(separator: ", "))")
        }
    }

    private mutating func checkTexts(_ value: JSONValue, at path: SourcePath) {
        if value.arrayValue?.allSatisfy({ $0.stringValue != nil }) != true { report(path, "must be a list of names") }
    }

    /// Only references within the schema: nothing is fetched.
    private mutating func checkReference(_ value: JSONValue, at path: SourcePath) {
        guard let text = value.stringValue else { return report(path, "must be text") }
        guard text.hasPrefix("#") else {
            return report(path, "is \(text): only references within the schema (#/$defs/...) are followed")
        }
        guard text != "#" else { return }
        var target: JSONValue? = root
        for part in text.dropFirst().split(separator: "/") {
            let key = part.replacing("~1", with: "/").replacing("~0", with: "~")
            target = Int(key).flatMap { target?[$0] } ?? target?[String(key)]
        }
        if target == nil || !text.hasPrefix("#/") { report(path, "is \(text), which leads nowhere") }
    }
}
