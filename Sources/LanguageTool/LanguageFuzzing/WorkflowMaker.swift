import JSON
import Workflow

/// Makes random workflow files from the workflow's own schema: mostly right, with wrong types, unknown keys, repeated
/// names and templates of all kinds, written as JSON or in the ways of YAML, and damaged now and then.
enum WorkflowMaker {
    private static let definitions = WorkflowSchema.json["$defs"]?.objectValue ?? [:]
    private static let names = ["a", "b", "c", "d e", "range", "", "a__trace", "é", "x1", "y", "z", "_internal_row_id"]
    private static let texts = [
        "{{ a }}", "{{ b }} and {{ c }}", "{{ a | upper }}", "{% if a %}{{ b }}{% endif %}", "{{ a", "plain", "", " ",
        "{{ nope }}", "{{ a | nope }}", "2024-01-01", "2025-01-01T10:00:00", "int", "str", "%Y-%m", "%Q", "a.csv",
        "writer", "w2", "1e3", "yes", "0", "null", "~", "- x", "a: b", "#c", "'", "\"", "line\nline", "\t", "é🎉\u{301}",
        "*", "a*", "x == 1", "a > 2 and b", "#/$defs/x", "en_US", "sql:ansi", "norm", "Male", "python",
    ]

    static func text(_ random: inout SplitMix, _ format: WorkflowFormat) -> String {
        let document = document(&random)
        var text =
            format == .json
            ? JSONValue.object(document).serialized(random.oneIn(2) ? .pretty() : .compact)
            : YAMLText.text(.object(document), &random)
        if random.oneIn(3) { text = Mutation.mutated(text, &random) }
        return text
    }

    private static func document(_ random: inout SplitMix) -> JSONObject {
        var inner = object(of: definition("data_designer"), &random, depth: 0)
        // A file of which little can be read tests little.
        if random.below(4) > 0 {
            inner["model_configs"] = [
                ["alias": "writer", "model": "m", "provider": "p"], ["alias": "w2", "model": "m", "provider": "p"],
            ]
            inner["tool_configs"] = nil
            inner["profilers"] = nil
        }
        if random.oneIn(2) {
            inner["columns"] = .array((0..<1 + random.below(5)).map { .object(plainColumn($0, &random)) })
        }
        for key in ["seed_config", "constraints", "processors"] where random.below(3) > 0 { inner[key] = nil }
        if random.oneIn(8) { return inner }
        return ["data_designer": .object(inner), "library_version": "0.9.6"]
    }

    /// A column that is likely to be right.
    private static func plainColumn(_ place: Int, _ random: inout SplitMix) -> JSONObject {
        let names = ["a", "b", "c", "x1", "y"]
        let name = JSONValue.string(names[place % names.count])
        let earlier = place == 0 ? "a" : names[random.below(min(place, names.count))]
        switch random.below(6) {
        case 0: return ["name": name, "column_type": "sampler", "sampler_type": "uuid", "params": [:]]
        case 1:
            return [
                "name": name, "column_type": "sampler", "sampler_type": "category",
                "params": ["values": .array((0...random.below(4)).map { _ in scalar(&random) })],
            ]
        case 2:
            let condition = TemplateMaker.expression(&random, depth: 1)
            return [
                "name": name, "column_type": "sampler", "sampler_type": "uniform",
                "params": ["low": .integer(Int64(random.below(9))), "high": 9.5],
                "conditional_params": random.oneIn(2) ? .null : .object([condition: ["low": 1, "high": 2]]),
            ]
        case 3: return ["name": name, "column_type": "expression", "expr": .string("{{ \(earlier) }}")]
        case 4:
            return [
                "name": name, "column_type": "llm-text", "prompt": .string("say {{ \(earlier) }}"),
                "model_alias": "writer",
                "skip": random.oneIn(2) ? .null : ["when": .string("{{ \(earlier) == 1 }}"), "value": scalar(&random)],
            ]
        default: return ["name": name, "column_type": "expression", "expr": .string(TemplateMaker.template(&random))]
        }
    }

    // MARK: From the schema

    private static func definition(_ name: String) -> JSONObject { definitions[name]?.objectValue ?? [:] }

    private static func value(of schema: JSONValue, _ random: inout SplitMix, depth: Int) -> JSONValue {
        if random.oneIn(60) || depth > 12 { return junk(&random) }
        guard let schema = schema.objectValue else { return junk(&random) }
        if let name = schema["$ref"]?.stringValue {
            return value(of: .object(definition(String(name.dropFirst("#/$defs/".count)))), &random, depth: depth + 1)
        }
        if let word = schema["const"] { return word }
        if let words = schema["enum"]?.arrayValue, !words.isEmpty { return random.pick(words) }
        if let choices = schema["anyOf"]?.arrayValue, schema["type"] == nil, !choices.isEmpty {
            return value(of: random.pick(choices), &random, depth: depth + 1)
        }
        if let tag = schema["allOf"], schema["additionalProperties"] == nil, let cases = tag.arrayValue {
            // A choice by tag: one of the cases, and that one's object.
            return value(of: random.pick(cases)["then"] ?? .null, &random, depth: depth + 1)
        }
        if schema["if"] != nil, schema["properties"] == nil {
            let branch = random.oneIn(2) ? schema["then"] : schema["else"]
            return value(of: branch ?? .null, &random, depth: depth + 1)
        }
        let types = schema["type"]?.arrayValue ?? schema["type"].map { [$0] } ?? ["object"]
        return value(type: random.pick(types).stringValue ?? "object", schema, &random, depth: depth)
    }

    private static func value(
        type: String, _ schema: JSONObject, _ random: inout SplitMix, depth: Int
    ) -> JSONValue {
        switch type {
        case "null": return .null
        case "boolean": return .bool(random.oneIn(2))
        case "integer": return .integer(Int64(random.below(12)))
        case "number":
            return random.oneIn(2) ? .number(Double(random.below(100)) / 50) : .integer(Int64(random.below(3)))
        case "string": return .string(random.oneIn(3) ? random.pick(names) : random.pick(texts))
        case "array":
            let items = schema["items"] ?? .null
            let count = random.below(depth > 3 ? 2 : 4) + (schema["minItems"]?.intValue ?? 0)
            return .array((0..<min(count, 4)).map { _ in value(of: items, &random, depth: depth + 1) })
        default: return .object(object(of: schema, &random, depth: depth))
        }
    }

    private static func object(of schema: JSONObject, _ random: inout SplitMix, depth: Int) -> JSONObject {
        var object: JSONObject = [:]
        let required = Set(schema["required"]?.arrayValue?.compactMap(\.stringValue) ?? [])
        for (key, property) in schema["properties"]?.objectValue ?? [:]
        where required.contains(key) ? !random.oneIn(40) : random.oneIn(3) {
            object[key] = value(of: property, &random, depth: depth + 1)
        }
        // What a tag asks for besides.
        for branch in schema["allOf"]?.arrayValue ?? [] {
            let words = branch["if"]?["properties"]?.objectValue ?? [:]
            guard let (key, word) = words.first(where: { _ in true }), object[key] == word["const"] else { continue }
            for (key, property) in branch["then"]?["properties"]?.objectValue ?? [:] where object[key] != nil {
                object[key] = value(of: property, &random, depth: depth + 1)
            }
        }
        if let values = schema["additionalProperties"], values.objectValue != nil {
            for _ in 0..<random.below(3) {
                let key = random.oneIn(2) ? random.pick(names) : TemplateMaker.expression(&random, depth: 1)
                object[key] = value(of: values, &random, depth: depth + 1)
            }
        } else if random.oneIn(25) {
            object[random.pick(["promt", "nmae", "base_url", "throttle", "x", "", "type", "<<"])] = junk(&random)
        }
        return object
    }

    private static func scalar(_ random: inout SplitMix) -> JSONValue {
        switch random.below(4) {
        case 0: .integer(Int64(random.below(5)))
        case 1: .number(Double(random.below(10)) / 4)
        default: .string(random.pick(texts))
        }
    }

    private static func junk(_ random: inout SplitMix) -> JSONValue {
        switch random.below(9) {
        case 0: .null
        case 1: .bool(true)
        case 2: .number(-1e300)
        case 3: .integer(.max)
        case 4: .array([.null, "x"])
        case 5: .object(["k": ["k": 1]])
        case 6: .bigInteger("123456789012345678901234567890")
        case 7: .string(random.pick(texts))
        default: .array([])
        }
    }
}
