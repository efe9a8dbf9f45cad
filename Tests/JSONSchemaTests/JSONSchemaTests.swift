import JSON
import JSONSchema
import Testing

struct JSONSchemaTests {
    static let cases: [SchemaCase] = [
        SchemaCase(
            #"{"type": "integer"}"#, valid: ["3", "3.0", "-1e3", "9223372036854775808"],
            invalid: ["3.5", #""3""#, "true"]),
        SchemaCase(#"{"type": ["string", "null"]}"#, valid: ["null", #""""#], invalid: ["0", "[]"]),
        SchemaCase(
            #"{"enum": [1, "a", {"b": [2]}]}"#, valid: ["1.0", #""a""#, #"{"b": [2.0]}"#],
            invalid: ["true", #""A""#, "2"]),
        SchemaCase(#"{"const": false}"#, valid: ["false"], invalid: ["0", "null"]),
        SchemaCase(
            #"{"minimum": 1, "exclusiveMaximum": 2.5}"#, valid: ["1", "2.49", #""x""#], invalid: ["0.99", "2.5"]),
        SchemaCase(#"{"multipleOf": 0.01}"#, valid: ["4.07", "0", "1e300"], invalid: ["4.075"]),
        SchemaCase(#"{"minLength": 2, "maxLength": 3}"#, valid: [#""äö""#, #""👍🏽👍""#], invalid: [#""👍""#, #""abcd""#]),
        SchemaCase(#"{"pattern": "^(?!0)\\d+$"}"#, valid: [#""10""#, "5"], invalid: [#""01""#, #""a""#]),
        SchemaCase(#"{"format": "email"}"#, valid: [#""no address""#]),
        SchemaCase(
            #"{"prefixItems": [{"type": "string"}, {"type": "integer"}], "items": false}"#,
            valid: [#"["a", 1]"#, #"["a"]"#, "[]"], invalid: [#"["a", 1, 2]"#, "[1]"]),
        SchemaCase(
            #"{"prefixItems": [{"type": "string"}], "items": {"type": "null"}, "minItems": 2}"#,
            valid: [#"["a", null]"#], invalid: [#"["a"]"#, #"["a", 0]"#]),
        SchemaCase(
            #"{"uniqueItems": true}"#, valid: ["[1, true, \"1\"]"], invalid: ["[1, 1.0]", #"[{"a": 1}, {"a": 1}]"#]),
        SchemaCase(
            #"{"contains": {"const": 1}, "minContains": 2, "maxContains": 2}"#, valid: ["[1, 1, 0]"],
            invalid: ["[1]", "[1, 1, 1]", "[]"]),
        SchemaCase(
            #"{"allOf": [{"required": ["a"]}, {"properties": {"a": {"type": "string"}}}]}"#,
            valid: [#"{"a": ""}"#], invalid: [#"{"a": 1}"#, "{}"]),
        SchemaCase(
            #"{"oneOf": [{"multipleOf": 2}, {"multipleOf": 3}]}"#, valid: ["2", "3"], invalid: ["6", "5"]),
        SchemaCase(
            #"{"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"required": ["c"]}}"#,
            valid: [#"{"a": 1, "b": 1}"#, #"{"c": 1}"#], invalid: [#"{"a": 1, "c": 1}"#, "{}"]),
        SchemaCase(#"{"not": {"type": "string"}}"#, valid: ["1"], invalid: [#""""#]),
        SchemaCase(
            ##"{"$defs": {"tree": {"type": "object", "properties": {"next": {"$ref": "#/$defs/tree"}}, "required": ["v"]}}, "$ref": "#/$defs/tree"}"##,
            valid: [#"{"v": 1, "next": {"v": 2}}"#], invalid: [#"{"v": 1, "next": {}}"#]),
        SchemaCase(
            ##"{"$defs": {"a/b~": {"$anchor": "x", "type": "null"}}, "items": {"$ref": "#/$defs/a~1b~0"}, "contains": {"$ref": "#x"}}"##,
            valid: ["[null]"], invalid: ["[]", "[0]"]),
        SchemaCase(
            #"{"patternProperties": {"^n_": {"type": "number"}}, "additionalProperties": {"type": "string"}}"#,
            valid: [#"{"n_a": 1, "b": "x"}"#], invalid: [#"{"n_a": "x"}"#, #"{"b": 1}"#]),
        SchemaCase(
            #"{"allOf": [{"properties": {"a": true}}], "properties": {"b": true}, "unevaluatedProperties": false}"#,
            valid: [#"{"a": 1, "b": 2}"#], invalid: [#"{"c": 1}"#]),
        SchemaCase(
            #"{"anyOf": [{"properties": {"a": {"const": 1}}, "required": ["a"]}, {"properties": {"b": true}, "required": ["b"]}], "unevaluatedProperties": false}"#,
            valid: [#"{"a": 1}"#, #"{"a": 1, "b": 2}"#, #"{"b": 2}"#], invalid: [#"{"a": 2, "b": 2}"#]),
        SchemaCase(
            #"{"prefixItems": [true], "contains": {"const": 9}, "unevaluatedItems": false}"#,
            valid: ["[0, 9, 9]"], invalid: ["[0, 9, 1]"]),
        SchemaCase(
            #"{"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"c": {"maxProperties": 1}}}"#,
            valid: [#"{"b": 1}"#, #"{"c": 1}"#], invalid: [#"{"a": 1}"#, #"{"c": 1, "b": 1}"#]),
        SchemaCase(#"{"propertyNames": {"maxLength": 2}}"#, valid: [#"{"ab": 1}"#], invalid: [#"{"abc": 1}"#]),
        SchemaCase("false", invalid: ["null", "{}"]),
        SchemaCase("true", valid: ["null"]),
    ]

    @Test(arguments: cases)
    func `values match or not, as the draft has it`(example: SchemaCase) throws {
        let schema = try JSONSchema(json(example.schema))
        for value in example.valid {
            let violation = try schema.violation(of: json(value))
            #expect(violation == nil, "\(value)")
        }
        for value in example.invalid { #expect(try schema.violation(of: json(value)) != nil, "\(value)") }
    }

    @Test(arguments: [
        (##"{"$ref": "#/$defs/none"}"##, "/$ref"), (##"{"type": "str"}"##, "/type"), (##"{"pattern": "("}"##, ""),
        (#"{"properties": {"a": 1}}"#, "/properties/a"), (#"{"anyOf": {}}"#, "/anyOf"), ("3", ""),
        (#"{"minLength": -1}"#, "/minLength"), (#"{"multipleOf": 0}"#, "/multipleOf"),
    ])
    func `a schema that cannot be used is refused with the place`(schema: String, path: String) throws {
        let error = #expect(throws: SchemaError.self) { try JSONSchema(json(schema)) }
        #expect(error?.path == path)
    }

    @Test func `a violation says where, what, and by which part of the schema`() throws {
        let schema = try JSONSchema(
            json(#"{"properties": {"lines": {"items": {"properties": {"qty": {"maximum": 20}}}}}}"#))
        let violation = try #require(schema.violation(of: json(#"{"lines": [{"qty": 1}, {"qty": 30}]}"#)))
        #expect("\(violation)" == "$.lines[1].qty: 30 is greater than the maximum of 20")
        #expect(violation.schema == ["maximum": 20])
        #expect(violation.instance == 30)
    }

    @Test func `references in a circle and alternatives of alternatives end`() throws {
        let circle = try JSONSchema(json(##"{"$ref": "#"}"##))
        #expect(circle.violation(of: 1) != nil)
        let deep = try JSONSchema(
            json(
                ##"{"$defs": {"x": {"anyOf": [{"items": {"$ref": "#/$defs/x"}, "maxItems": 0}, {"items": {"$ref": "#/$defs/x"}, "maxItems": 1}]}}, "$ref": "#/$defs/x"}"##
            ))
        var value: JSONValue = [1, 2]
        for _ in 0..<60 { value = [value] }
        #expect(deep.violation(of: value) != nil)
    }

    @Test(arguments: [
        ##"{"$ref": "#"}"##,
        ##"{"$anchor": "a", "oneOf": [{"anyOf": [{"$dynamicRef": "#a"}, {"$dynamicRef": "#a"}]}, {"$ref": "#"}]}"##,
        ##"{"$ref": "#/$defs/a", "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/b"}, false]}, "b": {"allOf": [{"$ref": "#/$defs/a"}]}}}"##,
    ])
    func `a schema that leads back to itself with the same value is seen at once`(text: String) throws {
        let schema = try JSONSchema(JSONValue(parsing: text))
        let violation = try #require(schema.violation(of: ["a": 1]))
        #expect(!"\(violation)".contains("too much work"))
    }

    @Test func `a schema that leads back to itself with a part of the value goes as deep as the value`() throws {
        let schema = try JSONSchema(
            JSONValue(parsing: ##"{"type": "array", "items": {"anyOf": [{"$ref": "#"}, {"$ref": "#"}]}}"##))
        #expect(schema.violation(of: [[[[]]], [[]]]) == nil)
        #expect(schema.violation(of: [[[[1]]], [[]]]) != nil)
    }
}
