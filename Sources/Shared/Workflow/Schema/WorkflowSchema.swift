package import JSON

/// The language as a JSON Schema (draft 2020-12), for editors: keys, types, words, ranges, and what each key is for.
///
/// What parts of a file say of each other (names, cycles, templates) is beyond a schema; `Workflow.load` checks that.
/// Numbers in quotes, which the loader takes for numbers, are refused here: an author did not mean them. Each object's
/// `title` is what the loader calls it, by which a test compares the keys of both.
package enum WorkflowSchema {
    package static let json: JSONObject = [
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Data Designer workflow",
        "description": .string("A workflow of Data Designer \(Workflow.languageVersion), as Tessera reads it."),
        "type": "object",
        "if": ["required": ["data_designer"]],
        "then": .object(reference("full_form")),
        "else": .object(reference("short_form")),
        "$defs": .object(definitions),
    ]

    private static var definitions: JSONObject {
        var definitions: JSONObject = [:]
        for (name, schema) in forms + columns + samplers + models + parts { definitions[name] = .object(schema) }
        return definitions
    }

    // MARK: The file

    private static var forms: [(String, JSONObject)] {
        [
            (
                "full_form",
                object(
                    "the full form", ["data_designer"],
                    [
                        ("data_designer", reference("data_designer")),
                        ("library_version", nullable(text("The version of the library that wrote the file."))),
                    ])
            ),
            ("data_designer", object("data_designer", ["columns"], sections)),
            (
                "short_form",
                object(
                    "a workflow", ["columns"],
                    sections + [
                        ("library_version", nullable(text("The version of the library that wrote the file.")))
                    ])
            ),
        ]
    }

    private static var sections: [(String, JSONObject)] {
        [
            ("columns", list(of: reference("column"), "What is generated, each column from those it names.")),
            (
                "model_configs",
                nullable(
                    list(
                        of: reference("model"), "Models by alias. Without any, the library's built-in aliases are used."
                    ))
            ),
            ("tool_configs", nullable(list(of: reference("tool"), "MCP tools by alias."))),
            ("seed_config", nullable(reference("seed"))),
            ("constraints", nullable(list(of: reference("constraint"), "Bounds on drawn values."))),
            ("profilers", nullable(list(of: reference("profiler"), "Left out by Tessera, with a warning."))),
            (
                "processors",
                nullable(list(of: reference("processor"), "What happens to finished records, in this order."))
            ),
        ]
    }
}

// MARK: Building

extension WorkflowSchema {
    /// An object with these keys and no others, unless `isOpen`.
    static func object(
        _ title: String, _ required: [String], _ properties: [(String, JSONObject)], isOpen: Bool = false
    ) -> JSONObject {
        var schema: JSONObject = [
            "title": .string(title), "type": "object",
            "properties": .object(JSONObject(properties.map { ($0, .object($1)) })),
        ]
        if !required.isEmpty { schema["required"] = .texts(required) }
        if !isOpen { schema["additionalProperties"] = false }
        return schema
    }

    static func reference(_ name: String) -> JSONObject { ["$ref": .string("#/$defs/\(name)")] }

    static func text(_ description: String, _ more: JSONObject = [:]) -> JSONObject {
        typed("string", description, more)
    }

    static func filledText(_ description: String) -> JSONObject { text(description, ["minLength": 1]) }

    static func template(_ description: String) -> JSONObject {
        text("\(description) A Jinja2 template: {{ column }} stands for a column's value.")
    }

    static func number(_ description: String, _ more: JSONObject = [:]) -> JSONObject {
        typed("number", description, more)
    }

    static func integer(_ description: String, _ more: JSONObject = [:]) -> JSONObject {
        typed("integer", description, more)
    }

    static func boolean(_ description: String, default fallback: Bool) -> JSONObject {
        typed("boolean", description, ["default": .bool(fallback)])
    }

    static func choice(_ description: String, _ words: [String], default fallback: String? = nil) -> JSONObject {
        var schema: JSONObject = ["description": .string(description), "enum": .texts(words)]
        if let fallback { schema["default"] = .string(fallback) }
        return schema
    }

    static func anyObject(_ description: String) -> JSONObject { typed("object", description, [:]) }

    static func list(of items: JSONObject, _ description: String, _ more: JSONObject = [:]) -> JSONObject {
        typed("array", description, more.adding("items", .object(items)))
    }

    static func mapping(of values: JSONObject, _ description: String) -> JSONObject {
        typed("object", description, ["additionalProperties": .object(values)])
    }

    static func nullable(_ schema: JSONObject) -> JSONObject {
        if let type = schema["type"] {
            var schema = schema
            schema["type"] = [type, "null"]
            return schema
        }
        if let words = schema["enum"]?.arrayValue {
            var schema = schema
            schema["enum"] = .array(words + [.null])
            return schema
        }
        return ["anyOf": [.object(schema), ["type": "null"]]]
    }

    static func any(_ schemas: [JSONObject], _ description: String) -> JSONObject {
        ["description": .string(description), "anyOf": .array(schemas.map { .object($0) })]
    }

    /// An object whose key `tag` says which definition it must meet; `cases` are words and names of definitions.
    static func tagged(by tag: String, _ description: String, _ cases: [(word: String, name: String)]) -> JSONObject {
        [
            "description": .string(description), "type": "object", "required": [.string(tag)],
            "properties": [tag: ["enum": .texts(cases.map(\.word))]],
            "allOf": .array(cases.map { .object(when(tag, is: $0.word, then: reference($0.name))) }),
        ]
    }

    static func when(_ key: String, is word: String, then schema: JSONObject) -> JSONObject {
        [
            "if": ["properties": [key: ["const": .string(word)]], "required": [.string(key)]],
            "then": .object(schema),
        ]
    }

    private static func typed(_ type: String, _ description: String, _ more: JSONObject) -> JSONObject {
        var schema: JSONObject = ["type": .string(type), "description": .string(description)]
        for (key, value) in more { schema[key] = value }
        return schema
    }
}
