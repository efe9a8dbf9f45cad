import JSON
import JSONSchema
import Testing

struct PruningTests {
    @Test func `members that no schema declares are taken out, however deep`() throws {
        let schema =
            #"{"type": "object", "properties": {"a": {"type": "integer"}, "l": {"items": {"properties": {"b": {}}}}}}"#
        #expect(
            try pruned(#"{"x": 1, "a": 2, "l": [{"b": 1, "c": 2}, {"c": 3}]}"#, by: schema)
                == #"{"a": 2, "l": [{"b": 1}, {}]}"#)
        #expect(try pruned(#"{"a": "2"}"#, by: schema) == nil)
    }

    @Test(arguments: [
        (#"{"type": "object"}"#, #"{"a": 1}"#), (#"{"type": "object", "title": "T"}"#, #"{"a": 1}"#),
        (#"{"type": "object", "additionalProperties": true, "properties": {}}"#, #"{"a": 1}"#),
        (#"{"type": "object", "additionalProperties": {"type": "integer"}}"#, #"{"a": 1}"#),
        (#"{"type": "object", "patternProperties": {"^a": true}}"#, #"{"a": 1}"#),
        (#"{"type": "object", "description": "d"}"#, "{}"),
        (#"{"properties": {"b": {}}, "additionalProperties": false}"#, "{}"),
        (#"{"properties": {"b": {}}, "unevaluatedProperties": false}"#, "{}"),
        ("{}", #"{"a": 1}"#),
    ])
    func `what an object schema says of further members counts`(schema: String, left: String) throws {
        #expect(try pruned(#"{"a": 1}"#, by: schema) == left)
    }

    @Test func `an alternative that takes nothing out is preferred`() throws {
        let schema = #"{"anyOf": [{"properties": {"a": {}}, "required": ["a"]}, {"properties": {"a": {}, "b": {}}}]}"#
        #expect(try pruned(#"{"a": 1, "b": 2}"#, by: schema) == #"{"a": 1, "b": 2}"#)
        #expect(try pruned(#"{"a": 1, "c": 2}"#, by: schema) == #"{"a": 1}"#)
    }

    @Test func `a failed alternative leaves the value as it was`() throws {
        let schema =
            #"{"oneOf": [{"properties": {"k": {"const": 1}}}, {"properties": {"k": {"const": 2}, "b": {}}, "required": ["b"]}]}"#
        #expect(try pruned(#"{"k": 2, "b": 3}"#, by: schema) == #"{"k": 2, "b": 3}"#)
    }

    @Test func `a discriminator leads straight to its alternative`() throws {
        let schema = ##"""
            {"$defs": {"cat": {"properties": {"kind": {}, "lives": {"type": "integer"}}, "required": ["lives"]},
                       "dog": {"properties": {"kind": {}, "name": {"type": "string"}}}},
             "oneOf": [{"$ref": "#/$defs/cat"}, {"$ref": "#/$defs/dog"}],
             "discriminator": {"propertyName": "kind", "mapping": {"cat": "#/$defs/cat", "dog": "#/$defs/dog"}}}
            """##
        #expect(try pruned(#"{"kind": "cat", "lives": 9, "name": "x"}"#, by: schema) == #"{"kind": "cat", "lives": 9}"#)
        #expect(try pruned(#"{"kind": "cat"}"#, by: schema) == nil)
        #expect(try pruned(#"{"kind": "cow", "lives": 1}"#, by: schema) == nil)
    }

    @Test func `parts of a composed object keep what each other declare`() throws {
        let schema = ##"""
            {"$defs": {"base": {"type": "object", "properties": {"id": {}}}},
             "allOf": [{"$ref": "#/$defs/base"}, {"properties": {"name": {}}}]}
            """##
        #expect(try pruned(#"{"id": 1, "name": 2, "x": 3}"#, by: schema) == #"{"id": 1, "name": 2}"#)
    }

    @Test(arguments: [
        ("1", "1.0"), (#""2.345""#, "2.35"), ("2.344", "2.34"), (#""-0.005""#, "-0.01"), (#""99.995""#, "100.0"),
    ])
    func `a decimal becomes a number with its places, half away from zero`(value: String, number: String) throws {
        let schema =
            #"{"properties": {"p": {"anyOf": [{"type": "number"}, {"type": "string", "pattern": "^-?\\d*\\.?\\d{0,2}\\d*$"}]}}}"#
        #expect(try pruned(#"{"p": \#(value)}"#, by: schema) == #"{"p": \#(number)}"#)
    }

    @Test func `a number beside a plain text stays what it is`() throws {
        let schema = #"{"properties": {"p": {"anyOf": [{"type": "number"}, {"type": "string"}]}}}"#
        #expect(try pruned(#"{"p": "3"}"#, by: schema) == #"{"p": "3"}"#)
    }
}
