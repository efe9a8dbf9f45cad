import JSON
import Testing

@Suite struct JSONParsingTests {
    private func parsed(_ text: String, _ options: JSONParsingOptions = .strict) -> JSONValue? {
        try? JSONValue(parsing: text, options: options)
    }

    @Test func `every kind of value is read`() {
        #expect(parsed("null") == .null)
        #expect(parsed(" true ") == .bool(true))
        #expect(parsed("false") == .bool(false))
        #expect(parsed("\t[1, 2.5, \"x\", {}]\r\n") == .array([1, 2.5, "x", .object([:])]))
        #expect(parsed(#"{"a": {"b": [null]}}"#) == ["a": ["b": [nil]]])
    }

    @Test func `integers are exact whatever their size`() {
        #expect(parsed("9223372036854775807") == .integer(.max))
        #expect(parsed("-9223372036854775808") == .integer(.min))
        #expect(parsed("9223372036854775808") == .bigInteger("9223372036854775808"))
        #expect(parsed("-9223372036854775809") == .bigInteger("-9223372036854775809"))
        #expect(parsed("18446744073709551616000") == .bigInteger("18446744073709551616000"))
        #expect(parsed("-0") == .integer(0))
        #expect(parsed("-0.0")?.serialized() == "-0.0")
    }

    @Test(arguments: [
        ("0.1", 0.1), ("1e3", 1000), ("1E+2", 100), ("-2.5e-3", -0.0025),
        ("1.7976931348623157e308", .greatestFiniteMagnitude),
        ("5e-324", Double.leastNonzeroMagnitude),
        ("123456789012345678901234567890.5", 123_456_789_012_345_678_901_234_567_890.5),
        ("9007199254740993.0", 9_007_199_254_740_992), ("1e-400", 0), ("0.000000000000000000000000000001", 1e-30),
        ("1e0000000000000000000000001", 10),
    ])
    func `a real number is the nearest Double`(text: String, value: Double) {
        #expect(parsed(text) == .number(value))
    }

    @Test(arguments: [
        "", " ", "nul", "nulL", "True", "tru", "[", "]", "[1", "[1,]", "[,1]", "[1 2]", "{", "{}}", "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}", "{a:1}", "{'a':1}", "01", "-", "-a", "1.", ".5", "+1", "1e", "1e+", "0x10", "--1", "\"", "\"a",
        "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"a\nb\"", "\"\u{1}\"", "1 2", "[1]x", "NaN", "Infinity",
        "-Infinity", "1e400", "\u{FEFF}1", "// c\n1", "\u{A0}1", "1_000", "\0",
    ])
    func `what is not JSON is refused`(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }

    @Test func `the Python option takes what json loads takes`() {
        #expect(parsed("Infinity", .python) == .number(.infinity))
        #expect(parsed("[-Infinity]", .python) == [.number(-.infinity)])
        #expect(parsed("1e400", .python) == .number(.infinity))
        #expect(parsed("NaN", .python)?.doubleValue?.isNaN == true)
        #expect(parsed("-NaN", .python) == nil)
        #expect(parsed(String(repeating: "9", count: 4300), .python) != nil)
        #expect(parsed(String(repeating: "9", count: 4301), .python) == nil)
        #expect(parsed(String(repeating: "9", count: 4301)) != nil)
    }

    @Test func `escapes are read and a lone surrogate becomes the replacement character`() {
        #expect(parsed(#""\"\\\/\b\f\n\r\t\u0041\u00e9""#) == "\"\\/\u{8}\u{C}\n\r\tAé")
        #expect(parsed(#""\ud83c\udf89""#) == "🎉")
        #expect(parsed(#""a\ud83cb""#) == "a\u{FFFD}b")
        #expect(parsed(#""\udf89\ud83c""#) == "\u{FFFD}\u{FFFD}")
        #expect(parsed(#""\ud83c\u0041""#) == "\u{FFFD}A")
        #expect(parsed(#""\ud83c\n""#) == "\u{FFFD}\n")
        #expect(parsed(#""\u0000""#) == "\0")
        #expect(parsed(#""\ud83c\u00""#) == nil)
    }

    @Test func `a stop is found at every distance from the quote`() {
        for length in 0..<40 {
            let plain = String(repeating: "é", count: length / 2) + String(repeating: "x", count: length - length / 2)
            let text = "[\"\(plain)\", \"\(plain)\\n\(plain)\"]"
            #expect(parsed(text) == [.string(plain), .string("\(plain)\n\(plain)")])
            #expect(parsed("\"\(plain)\u{1F}\"") == nil)
            #expect(parsed("\"\(plain)\u{7F} \"") == .string("\(plain)\u{7F} "))
        }
    }

    @Test func `bytes that are not UTF-8 are refused with their place`() throws {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0x61, 0xC3, 0x28, 0x22]) }
        #expect(error?.offset == 2)
        #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xED, 0xA0, 0x80, 0x22]) }
    }

    @Test func `an error names line and column`() {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "{\n  \"é\": tru\n}") }
        #expect(error?.line == 2)
        #expect(error?.column == 8)
        #expect(error?.offset == 10)
        #expect(error.map(String.init(describing:)) == "line 2, column 8: expected a value")
    }

    @Test func `nesting is bounded`() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(parsed(nested(512)) != nil)
        #expect(parsed(nested(513)) == nil)
        #expect(parsed(nested(3), JSONParsingOptions(depthLimit: 2)) == nil)
        #expect(parsed(String(repeating: "[", count: 10_000_000)) == nil)
        #expect(parsed("[[],[],[]]", JSONParsingOptions(depthLimit: 2)) != nil)
    }

    @Test func `a slice and a lazy sequence are read as an array is`() throws {
        let bytes = Array("xx[1,2]yy".utf8)
        #expect(try JSONValue(parsing: bytes[2..<7]) == [1, 2])
        #expect(try JSONValue(parsing: bytes.lazy.filter { $0 != 120 && $0 != 121 }) == [1, 2])
        #expect(try JSONValue(parsing: "xx[1,2]yy".dropFirst(2).dropLast(2)) == [1, 2])
    }
}
