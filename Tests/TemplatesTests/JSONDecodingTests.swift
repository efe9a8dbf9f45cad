import JSON
import Templates
import Testing

@Suite struct JSONDecodingTests {
    private static let texts: [(String, JSONValue)] = [
        (#"1.50"#, JSONValue.number(1.5)), ("true", true), ("null", nil), ("1e3", 1000.0), (#""quoted""#, "quoted"),
        ("007", "007"), ("01", "01"), ("  5 ", 5), ("[1, 2]", [1, 2]), ("abc", "abc"), ("", ""), ("-", "-"),
        ("NaN and more", "NaN and more"), ("Infinity", .number(.infinity)), ("1e400", .number(.infinity)), ("-0", 0),
        ("12345678901234567890", .bigInteger("12345678901234567890")), ("\u{A0}5", "\u{A0}5"), ("True", "True"),
        (#"{"a": "5"}"#, ["a": "5"]), (#""5""#, "5"), ("\t[]\n", []), ("nullx", "nullx"), ("+1", "+1"),
    ]

    @Test(arguments: texts)
    func `a text that is JSON is what it says`(text: String, value: JSONValue) {
        #expect(JSONDecoding.decoded(.string(text)) == value)
    }

    @Test func `texts inside containers are tried once at every depth`() {
        let cell: JSONValue = ["qty": "3", "list": ["[\"1\"]", ["true"], "x"], "n": 4, "deep": ["a": ["b": "null"]]]
        #expect(
            JSONDecoding.decoded(cell)
                == ["qty": 3, "list": [["1"], [true], "x"], "n": 4, "deep": ["a": ["b": nil]]])
    }

    @Test func `what needs no decoding stays as it is`() {
        for cell in [JSONValue.null, true, 1, 2.5, "plain text", ["a": "b"], ["x", 1, nil]] {
            #expect(JSONDecoding.decoded(cell) == cell)
        }
    }
}
