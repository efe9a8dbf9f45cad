import JSON
import Templates
import Testing

@Suite struct TemplateRenderingTests {
    private func rendered(
        _ source: String, _ context: JSONObject = [:], _ options: RenderOptions = .init()
    ) throws -> String {
        try Template(parsing: source).render(context, options: options)
    }

    @Test func `values are given by slot`() throws {
        let template = try Template(parsing: "{{ b }}-{{ a.k }}")
        let values: [String: JSONValue] = ["a": ["k": [1, nil]], "b": 2.0]
        let slots = template.slotNames.map { name in values[name].map(TemplateValue.init) }
        #expect(try template.render(slots) == "2.0-[1, None]")
    }

    @Test func `a missing variable fails before anything is rendered`() throws {
        let error = try #require(throws: TemplateError.self) { try rendered("{% if false %}\n{{ gone }}{% endif %}") }
        #expect(error.kind == .undefined)
        #expect(error.reason == "'gone' is undefined")
        #expect(error.line == 2)
        #expect(try rendered("[{{ d.gone }}{{ l[7] }}]", ["d": [:], "l": []]) == "[]")
    }

    @Test func `lenient and strict treat what is missing as Jinja does`() throws {
        #expect(try rendered("[{{ gone }}{{ gone|length }}]", [:], RenderOptions(undefined: .lenient)) == "[0]")
        let strict = RenderOptions(undefined: .strict)
        #expect(try rendered("{{ gone is defined }}{{ gone|default('d') }}", [:], strict) == "Falsed")
        for source in ["{{ gone }}", "{{ d.gone }}", "{% if gone %}{% endif %}", "{{ gone == 1 }}", "{{ gone|list }}"] {
            #expect(throws: TemplateError.self) { try rendered(source, ["d": [:]], strict) }
        }
    }

    @Test func `a column may have the name of a global function`() throws {
        #expect(try rendered("{{ range }}", ["range": "near"]) == "near")
        #expect(try rendered("{{ range(3)|list }}") == "[0, 1, 2]")
    }

    @Test func `integers of any size are exact`() throws {
        #expect(try rendered("{{ 2 ** 64 }}") == "18446744073709551616")
        #expect(try rendered("{{ n + 1 }}", ["n": .integer(.max)]) == "9223372036854775808")
        let big = "123456789012345678901234567890"
        #expect(try rendered("{{ n }}", ["n": .bigInteger(big)]) == big)
        #expect(try rendered("{{ (10**40 + 7) // 10**20 }} {{ (10**40 + 7) % 1000 }}") == "100000000000000000000 7")
    }

    @Test func `random numbers come from the caller alone`() throws {
        let template = try Template(parsing: "{% for i in range(5) %}{{ words|random }} {% endfor %}")
        let row: JSONObject = ["words": ["a", "b", "c", "d"]]
        func run(seed: UInt64) throws -> String {
            var state = SplitMix(seed: seed)
            return try template.render(row, random: { state.next() })
        }
        #expect(try run(seed: 1) == run(seed: 1))
        #expect(try run(seed: 1) != run(seed: 2))
        #expect(throws: TemplateError.self) { try template.render(row) }
    }

    @Test func `in JSON output values are escaped for the inside of a string`() throws {
        let json = RenderOptions(output: .json)
        let row: JSONObject = [
            "t": "say \"hi\"\n", "b": true, "n": nil, "l": [1, "é"], "d": ["items": "key", "q": ["x": "\""]], "f": 2.0,
        ]
        let text = try rendered(
            #"{"a": "{{ t }}", "b": "{{ b }}{{ n }}{{ f }}", "c": "{{ l }}", "d": "{{ d.items }}{{ d.q.x }}", "e": 7}"#,
            row, json)
        #expect(
            try JSONValue(parsing: text) == [
                "a": "say \"hi\"\n", "b": "truenull2.0", "c": #"[1, "\u00e9"]"#, "d": "key\"", "e": 7,
            ])
    }

    @Test func `a single expression renders natively as its value`() throws {
        func native(_ source: String, _ context: JSONObject) throws -> JSONValue? {
            try Template(parsing: source).renderNative(context, options: RenderOptions(undefined: .strict)).json
        }
        #expect(try native("{{ i == 0 }}", ["i": 0]) == .bool(true))
        #expect(try native("{{ t }}", ["t": "5"]) == 5)
        #expect(try native("{{ t }}", ["t": "false"]) == "false")
        #expect(try native("{{ a }}{{ b }}", ["a": 1, "b": 2]) == 12)
        #expect(try native(" {{ a }}", ["a": 1]) == " 1")
        #expect(try native("{{ l }}", ["l": [1, ["k": nil]]]) == [1, ["k": nil]])
        #expect(try native("['a', {'k': (1, 2.5)}]", [:]) == ["a", ["k": [1, 2.5]]])
        #expect(try native("", [:]) == .null)
        #expect(throws: TemplateError.self) { try native("{{ d.gone }}", ["d": [:]]) }
    }

    @Test func `a value is true in Python's sense`() throws {
        for value in [JSONValue.null, false, 0, 0.0, "", [], [:]] { #expect(!TemplateValue(value).isTrue, "\(value)") }
        for value in [JSONValue.bool(true), 1, -0.5, "0", [nil], ["a": nil], .number(.nan)] {
            #expect(TemplateValue(value).isTrue, "\(value)")
        }
    }

    @Test func `an error knows the class that the reference raises`() throws {
        func exception(_ source: String) throws -> TemplateError.Exception {
            try #require(throws: TemplateError.self) { try rendered(source, ["d": [:]]) }.exception
        }
        #expect(try exception("{{ 1 / 0 }}") == .zeroDivisionError)
        #expect(try exception("{{ 1 + 'a' }}") == .typeError)
        #expect(try exception("{{ 'a'.index('b') }}") == .valueError)
        #expect(try exception("{{ d.a.b }}") == .undefinedError)
        #expect(try exception("{{ d.clear() }}") == .securityError)
        #expect(try exception("{{ range(100001) }}") == .overflowError)
        #expect(try exception("{{ '%(a)s' % d }}") == .keyError)
    }
}
