import Foundation
import Testing

@testable import InferenceSimulation

struct JSONSchemaInstanceTests {
    private static let schema = #"""
        {"type": "object", "properties": {
            "name": {"type": "string"}, "n": {"type": "integer", "minimum": 3, "maximum": 5},
            "x": {"type": "number", "exclusiveMinimum": 1, "exclusiveMaximum": 2}, "b": {"type": "boolean"},
            "e": {"enum": ["u", "v\"w"]}, "l": {"type": "array", "items": {"$ref": "#/$defs/It"}, "minItems": 2},
            "o": {"anyOf": [{"type": "null"}, {"type": "string", "maxLength": 4}]}, "c": {"const": [1, null]},
            "d": {"type": ["null", "string"], "format": "date"}, "u": {"type": "string", "format": "uuid"},
            "m": {"type": "integer", "multipleOf": 7, "minimum": 10}, "long": {"type": "string", "minLength": 40},
            "free": {"type": "object"}, "any": {}
        }, "required": ["name"], "$defs": {"It": {"type": "object", "properties": {"k": {"type": "string"}}}}}
        """#

    private func instance(_ schema: String, hash: UInt64) -> Any? {
        var text: [UInt8] = []
        var instance = JSONSchemaInstance(schema: Array(schema.utf8), hash: hash, string: Array("echo=1".utf8))
        instance?.write(into: &text)
        return try? JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)
    }

    @Test func `an instance keeps what the schema says`() throws {
        for hash in UInt64(0)..<200 {
            let object = try #require(instance(Self.schema, hash: hash) as? [String: Any])
            #expect(object.count == 14)
            #expect(object["name"] as? String == "echo=1")
            #expect((3...5).contains(try #require(object["n"] as? Int)))
            let x = try #require(object["x"] as? Double)
            #expect(x > 1 && x < 2)
            #expect(object["b"] is Bool)
            #expect(["u", "v\"w"].contains(try #require(object["e"] as? String)))
            let list = try #require(object["l"] as? [[String: String]])
            #expect(list.count == 2 && list.allSatisfy { $0["k"] == "echo=1" })
            #expect(object["o"] as? String == "echo")
            #expect((object["c"] as? [Any])?.count == 2)
            #expect(try #require(object["d"] as? String).wholeMatch(of: /20\d\d-[01]\d-[0-3]\d/) != nil)
            #expect(UUID(uuidString: try #require(object["u"] as? String)) != nil)
            #expect(try #require(object["m"] as? Int) % 7 == 0)
            #expect((object["long"] as? String)?.count == 40)
        }
    }

    @Test func `a schema that refers to itself ends`() {
        let endless = ##"{"type":"array","minItems":3,"items":{"$ref":"#"}}"##
        #expect(instance(endless, hash: 1) is [Any])
        #expect(instance(##"{"$ref":"#"}"##, hash: 1) is NSNull)
    }

    @Test func `a schema is found in a prompt`() {
        func found(_ prompt: String) -> String? {
            JSONSchemaInstance.schema(inPrompt: Array(prompt.utf8)).map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(found(#"Reply {like} this: {"type": "object", "properties": {}} please"#)?.hasSuffix("{}}") == true)
        #expect(found(#"<response_schema>{"properties": {"a": {}}}</response_schema> {"b": 1}"#)?.contains("a") == true)
        #expect(found(#"nothing of the "properties" kind {"#) == nil)
        #expect(found("{{{{") == nil)
    }
}
