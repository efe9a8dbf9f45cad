import Answers
import JSON
import Testing

struct RepairingJSONReaderTests {
    static let cases: [(String, String)] = [
        (#"{"a":1,}"#, #"{"a":1}"#), ("{'a': 'b'}", #"{"a":"b"}"#), ("{\"a\": 1 // c\n}", #"{"a":1}"#),
        (#"{"a": [1,2"#, #"{"a":[1,2]}"#), (#"{"a": "x"#, #"{"a":"x"}"#), ("{a: b}", #"{"a":"b"}"#),
        (#"xx {"a":1} yy"#, #"{"a":1}"#), (#"{"a":1}{"b":2}"#, #"[{"a":1},{"b":2}]"#), ("", #""""#), ("hello", #""""#),
        (#"{"a": "he said "hi" to me", "b": 1}"#, #"{"a":"he said \"hi\" to me","b":1}"#),
        (#"{"a": True, "b": None}"#, #"{"a":true,"b":null}"#), ("[1 2 3]", "[1,2,3]"),
        (#"{"a": 1 "b": 2}"#, #"{"a":1,"b":2}"#),
        ("{\"a\":\"line\nbreak\"}", #"{"a":"line\nbreak"}"#),
        (#"{"a": .5, "b": 1., "c": 1e, "d": 1/3, "e": 1,000}"#, #"{"a":0.5,"b":1.0,"c":"1e","d":"1/3","e":"1,000"}"#),
        (#"["a", ...]"#, #"["a"]"#), (#"{"a": “x”}"#, #"{"a":"x"}"#), (#"{“a”: 1}"#, #"{"a":1}"#),
        (#"{"a": "x\q"}"#, #"{"a":"x\\q"}"#),
        (#"{"a": undefined}"#, #"{"a":"undefined"}"#), (#"{"a": }"#, #"{"a":""}"#), (#"{"a":"#, #"{"a":""}"#),
        ("[", "[]"), ("{", "{}"),
        ("12", "12"), (#"{"a": 1]"#, #"{"a":1}"#), ("[1}", "[1]"), (#"{"k": "v" , }"#, #"{"k":"v"}"#),
        (#"{"a": "it's"}"#, #"{"a":"it's"}"#),
        (#"{'a': 'it\'s'}"#, #"{"a":"it's"}"#), ("{'a': 'it's'}", #"{"a":"it's"}"#),
        (#"{"a": {"b": 1, "c": [1, {"d": "e"#, #"{"a":{"b":1,"c":[1,{"d":"e"}]}}"#),
        (#"/* c */ {"a":1}"#, #"{"a":1}"#), ("# c\n{\"a\":1}", #"{"a":1}"#),
        (#"{"a": "x" "b": 1}"#, #"{"a":"x","b":1}"#),
        (#"{"a": 00012}"#, #"{"a":12}"#), (#"{"a": +5}"#, #"{"a":5}"#), (#"{"a":-}"#, #"{"a":""}"#),
        (#"{"a": "\u00e9\u12"}"#, #"{"a":"é\\u12"}"#),
        (#"{"a": Hello World, "b": 2}"#, #"{"a":"Hello World","b":2}"#),
        (#"{"a": "b" c, "d": 1}"#, #"{"a":"b","d":1}"#),
        (#"{"text": "The "Art" of", "n": "x"}"#, #"{"text":"The \"Art\" of","n":"x"}"#), (#"["a" "b"]"#, #"["a","b"]"#),
        (#"{"a":1 /* c */, "b":2}"#, #"{"a":1,"b":2}"#),
        ("{\"a\": \"x\", // note, here\n \"b\": 2}", #"{"a":"x","b":2}"#),
        (#"{"a": 1, "a": 2}"#, #"{"a":2}"#), (#"{"a":1}."#, #"{"a":1}"#), ("null", "null"), ("[1,2,]", "[1,2]"),
        ("[,1]", "[1]"),
        (#"{,"a":1}"#, #"{"a":1}"#), ("{\"a\":\"x\ty\"}", #"{"a":"x\ty"}"#), (#"{"a":"b"}}"#, #"{"a":"b"}"#),
        ("[[1,2],[3", "[[1,2],[3]]"),
        (#"{"a": "x, y", "b": ["p", "q"], "c": {"d": "e}"}}"#, #"{"a":"x, y","b":["p","q"],"c":{"d":"e}"}}"#),
        (#"{"q": "Say "yes", or "no"", "n": 1}"#, #"{"q":"Say \"yes\", or \"no\"","n":1}"#),
    ]

    @Test(arguments: cases)
    func `broken JSON is read as it was meant`(text: String, json: String) throws {
        let value = try #require(RepairingJSONReader.read(text))
        #expect(try value == JSONValue(parsing: json), "\(value)")
    }

    @Test func `what is JSON is read as it is`() throws {
        let text = #"{"a": ["x", 1.50, 12345678901234567890, null, {"b": "\u00e9"}], "c": -0.0}"#
        #expect(try RepairingJSONReader.read(text) == JSONValue(parsing: text))
    }

    @Test func `what nests without end is refused`() {
        #expect(RepairingJSONReader.read(String(repeating: "[", count: 100_000)) == nil)
        #expect(RepairingJSONReader.read(String(repeating: "{\"a\":", count: 100_000)) == nil)
    }

    @Test func `quotes without end cost no more than they should`() {
        // One text whose every quote looks like an inner one.
        _ = RepairingJSONReader.read("{\"a\": \"" + String(repeating: "x \" y ", count: 20_000))
        _ = RepairingJSONReader.read("[" + String(repeating: "\"a\" b ", count: 5_000))
    }
}
