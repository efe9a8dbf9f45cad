import JSON
import Testing

@Suite struct JSONWritingTests {
    private let value: JSONValue = [
        "b": [1, 2.5, nil, true, "é\u{7F}🎉"], "a": [:], "c": [],
        "d": ["x": ["y": "q\"\\\n\u{1}\0"]],
    ]

    @Test func `compact has no spaces`() {
        #expect(
            value.serialized()
                == #"{"b":[1,2.5,null,true,"é"# + "\u{7F}"
                + #"🎉"],"a":{},"c":[],"d":{"x":{"y":"q\"\\\n\u0001\u0000"}}}"#)
    }

    @Test func `the Python style is that of json dumps`() {
        #expect(
            value.serialized(.python)
                == #"{"b": [1, 2.5, null, true, "\u00e9\u007f\ud83c\udf89"], "a": {}, "c": [], "#
                + #""d": {"x": {"y": "q\"\\\n\u0001\u0000"}}}"#)
        #expect(JSONValue.string("é").serialized(.pythonUnicode) == "\"é\"")
    }

    @Test func `the canonical style sorts keys at every level`() {
        let value: JSONValue = ["b": ["z": 1, "y": 2], "a": "é"]
        #expect(value.serialized(.canonical) == #"{"a":"\u00e9","b":{"y":2,"z":1}}"#)
    }

    @Test func `pretty puts one member on a line`() {
        let value: JSONValue = ["a": [1, ["b": nil]], "c": [:], "d": []]
        #expect(
            value.serialized(.pretty(indent: 2)) == """
                {
                  "a": [
                    1,
                    {
                      "b": null
                    }
                  ],
                  "c": {},
                  "d": []
                }
                """)
    }

    @Test(arguments: [
        (4.0, "4.0"), (-0.0, "-0.0"), (0.1, "0.1"), (1e15, "1000000000000000.0"), (1e16, "1e+16"), (1e22, "1e+22"),
        (9_007_199_254_740_993.0, "9007199254740992.0"), (1.5e16, "1.5e+16"),
        (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
        (0.0001, "0.0001"), (0.00001, "1e-05"), (1e-7, "1e-07"), (1.25e-5, "1.25e-05"),
        (Double.leastNonzeroMagnitude, "5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"), (0.3333333333333333, "0.3333333333333333"),
        (2.5, "2.5"), (100.25, "100.25"), (-1e-100, "-1e-100"),
    ])
    func `a Double prints as Python prints it`(value: Double, text: String) {
        #expect(PythonFloat.repr(value) == text)
        #expect(JSONValue.number(value).serialized() == text)
    }

    @Test func `what JSON cannot write is null or Python's word for it`() {
        let value: JSONValue = [.number(.nan), .number(.infinity), .number(-.infinity)]
        #expect(value.serialized() == "[null,null,null]")
        #expect(value.serialized(.python) == "[NaN, Infinity, -Infinity]")
    }

    @Test func `the writer sets commas and colons`() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("a")
        writer.beginArray()
        writer.integer(Int.min)
        writer.integer(UInt64.max)
        writer.beginArray()
        writer.endArray()
        writer.raw(Array("{}".utf8))
        writer.endArray()
        writer.member("b", .null)
        writer.key("c")
        writer.beginObject()
        writer.endObject()
        writer.key("d")
        writer.bool(false)
        writer.endObject()
        writer.between("\n".utf8)
        writer.value(.bigInteger("18446744073709551616"))
        #expect(
            writer.text == #"{"a":[-9223372036854775808,18446744073709551615,[],{}],"b":null,"c":{},"d":false}"#
                + "\n18446744073709551616")
        writer.removeAll()
        writer.string("x")
        #expect(writer.take() == Array("\"x\"".utf8))
        #expect(writer.bytes.isEmpty)
    }

    @Test func `random values come back from every style as they were`() throws {
        var random = SplitMix(seed: 20)
        for _ in 0..<2000 {
            let value = random.value(depth: 4)
            for style in [JSONStyle.compact, .python, .pretty(indent: 1), .compact.sortingKeys()] {
                #expect(try JSONValue(parsing: value.serialized(style)) == value, "seed 20")
            }
        }
    }

    @Test func `random bytes never crash the parser`() throws {
        var random = SplitMix(seed: 21)
        let alphabet = Array(#"{}[]":,\truefalsn0123456789.-+eEu "#.utf8) + [0, 10, 0x1F, 0x7F, 0xC3, 0xA9, 0xED, 0xFF]
        var accepted = 0
        for _ in 0..<50_000 {
            let bytes = (0..<random.below(24)).map { _ in alphabet[random.below(alphabet.count)] }
            guard let value = try? JSONValue(parsing: bytes, options: .python) else { continue }
            accepted += 1
            let again = try JSONValue(parsing: value.serialized(.python), options: .python)
            #expect(again.serialized() == value.serialized())
        }
        #expect(accepted > 100)
    }
}

/// Sebastiano Vigna's splitmix64, seeded so that a failure can be repeated.
struct SplitMix {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    mutating func text() -> String {
        let scalars: [Unicode.Scalar] = [
            "a", "\"", "\\", "\n", "\0", "\u{1F}", "é", "\u{301}", "你", "🎉", "\u{7F}", "/",
        ]
        return String(String.UnicodeScalarView((0..<below(12)).map { _ in scalars[below(scalars.count)] }))
    }

    mutating func value(depth: Int) -> JSONValue {
        switch below(depth > 0 ? 8 : 6) {
        case 0: return .null
        case 1: return .bool(next() & 1 == 0)
        case 2: return .integer(Int64(bitPattern: next()) >> Int64(below(64)))
        case 3: return .bigInteger("\(next())\(next() | 1 << 63)")
        case 4:
            let value = Double(bitPattern: next())
            return .number(value.isFinite ? value : 0.5)
        case 5: return .string(text())
        case 6: return .array((0..<below(5)).map { _ in value(depth: depth - 1) })
        default: return .object(JSONObject((0..<below(20)).map { _ in (text(), value(depth: depth - 1)) }))
        }
    }
}
