import JSON
import JSONSchema

/// A schema of any shape is refused, or judges any value, alike twice.
enum SchemaCase {
    private static let names = ["a", "b", "name", "$ref", "é", ""]
    private static let types: [JSONValue] = ["string", "integer", "number", "object", "array", "boolean", "null"]
    private static let patterns = ["^a", "(a|b)+$", "[^x]{2,5}", "\\d+", "(a+)+$", "\\p{L}", "(", "a{1000}", "(?=a)b"]
    private static let references = ["#", "#/$defs/a", "#/properties/a", "#a", "http://x/y", "#/$defs/b/items"]

    /// The schema and the value, on a line each.
    static func source(_ random: inout SplitMix) -> String {
        schema(&random, 3).serialized() + "\n" + value(&random, 3).serialized()
    }

    static func complaint(about source: String) -> String? {
        let lines = source.split(separator: "\n")
        guard lines.count == 2, let given = try? JSONValue(parsing: String(lines[0])),
            let value = try? JSONValue(parsing: String(lines[1]))
        else { return "the case itself cannot be read" }
        guard let schema = try? JSONSchema(given) else { return nil }
        let first = schema.violation(of: value)
        let second = schema.violation(of: value)
        return (first == nil) == (second == nil) ? nil : "two verdicts"
    }

    private static func schema(_ random: inout SplitMix, _ depth: Int) -> JSONValue {
        if depth == 0 || random.oneIn(12) { return .bool(random.oneIn(2)) }
        var schema = JSONObject()
        for _ in 0..<(1 + random.below(4)) {
            let (key, value) = keyword(&random, depth - 1)
            schema[key] = value
        }
        return .object(schema)
    }

    private static func keyword(_ random: inout SplitMix, _ depth: Int) -> (String, JSONValue) {
        switch random.below(26) {
        case 0: ("type", random.pick(types))
        case 1: ("type", .array([random.pick(types), random.pick(types)]))
        case 2: ("enum", .array((0..<random.below(4)).map { _ in value(&random, 1) }))
        case 3: ("const", value(&random, 2))
        case 4:
            (random.pick(["properties", "patternProperties", "$defs", "dependentSchemas"]), members(&random, depth))
        case 5: ("required", .array((0..<random.below(3)).map { _ in .string(random.pick(names)) }))
        case 6:
            (
                random.pick(["items", "contains", "additionalProperties", "propertyNames", "not"]),
                schema(&random, depth)
            )
        case 7: (random.pick(["unevaluatedProperties", "unevaluatedItems"]), schema(&random, depth))
        case 8: (random.pick(["prefixItems", "allOf", "anyOf", "oneOf"]), list(&random, depth))
        case 9: (random.pick(["if", "then", "else"]), schema(&random, depth))
        case 10: ("$ref", .string(random.pick(references)))
        case 11: (random.pick(["$anchor", "$dynamicAnchor"]), "a")
        case 12: ("$dynamicRef", "#a")
        case 13: ("pattern", .string(random.pick(patterns)))
        case 14: (random.pick(["minLength", "maxLength", "minItems", "maxItems"]), .integer(Int64(random.below(5))))
        case 15:
            (
                random.pick(["minProperties", "maxProperties", "minContains", "maxContains"]),
                .integer(Int64(random.below(3)))
            )
        case 16: (random.pick(["minimum", "maximum", "exclusiveMinimum"]), number(&random))
        case 17: ("multipleOf", random.pick([.number(0.1), .integer(3), .number(1e-300), .integer(0)]))
        case 18: ("uniqueItems", .bool(random.oneIn(2)))
        case 19: ("dependentRequired", .object(["a": ["b", "a"]]))
        case 20: ("$id", .string(random.pick(["http://x/y", "#", "rel", ""])))
        case 21: ("format", "date")
        default: (random.pick(["properties", "items", "anyOf", "type"]), value(&random, 1))
        }
    }

    private static func members(_ random: inout SplitMix, _ depth: Int) -> JSONValue {
        var members = JSONObject()
        for _ in 0..<(1 + random.below(3)) { members[random.pick(names + patterns)] = schema(&random, depth) }
        return .object(members)
    }

    private static func list(_ random: inout SplitMix, _ depth: Int) -> JSONValue {
        .array((0..<(1 + random.below(3))).map { _ in schema(&random, depth) })
    }

    private static func number(_ random: inout SplitMix) -> JSONValue {
        random.pick([
            .integer(0), .integer(-1), .integer(.max), .number(0.5), .number(1e300), .number(-0.0),
            .bigInteger("123456789012345678901234567890"),
        ])
    }

    private static func value(_ random: inout SplitMix, _ depth: Int) -> JSONValue {
        switch random.below(depth > 0 ? 9 : 6) {
        case 0: return .null
        case 1: return .bool(random.oneIn(2))
        case 2, 3: return number(&random)
        case 4, 5: return .string(random.pick(["", "a", "aaaa", "ab1", "é", "👍🏽", "2024-01-01"]))
        case 6: return .array((0..<random.below(4)).map { _ in value(&random, depth - 1) })
        default:
            var object = JSONObject()
            for _ in 0..<random.below(4) { object[random.pick(names)] = value(&random, depth - 1) }
            return .object(object)
        }
    }
}
