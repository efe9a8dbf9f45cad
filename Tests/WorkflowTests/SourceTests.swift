import Testing

@testable import Workflow

struct SourceTests {
    private func scalar(_ text: String) -> String { "\(YAMLScalar.resolve(text))" }

    /// `yaml.safe_load(text)` of PyYAML 6.0.3, but for dates, which stay text here.
    @Test(arguments: [
        ("1e3", #"text("1e3")"#), ("1.0e3", #"text("1.0e3")"#), ("1.5e+3", "number(1500.0)"), (".5", "number(0.5)"),
        ("-.5", #"text("-.5")"#), ("1_000", "integer(1000)"), ("0o17", #"text("0o17")"#), ("017", "integer(15)"),
        ("0x1F", "integer(31)"), ("0b11", "integer(3)"), ("1:30", "integer(90)"),
        ("190:20:30.15", "number(685230.15)"), ("08", #"text("08")"#), ("0", "integer(0)"), ("-0", "integer(0)"),
        ("+", #"text("+")"#), ("1.", "number(1.0)"), ("1.e+5", "number(100000.0)"), ("._5", #"text("._5")"#),
        ("1__0", "integer(10)"), ("-017", "integer(-15)"), ("y", #"text("y")"#), ("yes", "boolean(true)"),
        ("ON", "boolean(true)"), ("off", "boolean(false)"), ("2024-01-01", #"text("2024-01-01")"#),
        ("1.2.3", #"text("1.2.3")"#), ("0_7", "integer(7)"), ("+.inf", "number(inf)"), (".NaN", "number(nan)"),
        ("0x", #"text("0x")"#), ("0b", #"text("0b")"#), ("_1", #"text("_1")"#), ("0.1_5", "number(0.15)"),
        ("12e03", #"text("12e03")"#), (".5e3", #"text(".5e3")"#), ("-0x1f", "integer(-31)"), ("~", "null"),
        ("Null", "null"), ("", "null"), ("09.5", "number(9.5)"), ("00", "integer(0)"), ("1:60", #"text("1:60")"#),
        ("123456789012345678901", #"bigInteger("123456789012345678901")"#), ("-2.50", "number(-2.5)"),
        ("1.5e-07", "number(1.5e-07)"), ("-", #"text("-")"#), (".", #"text(".")"#), ("1.5e+", #"text("1.5e+")"#),
    ])
    func `plain scalars are typed as PyYAML does`(text: String, content: String) {
        #expect(scalar(text) == content)
    }

    @Test func `places inside text are those of the file`() throws {
        let root = try YAMLReader.read(
            "a: plain {{ x }}\nb: 'quoted {{ x }}'\nc: |\n  first\n  {{ x }}\nd: >\n  fold\n")
        #expect(root["a"]?.mark(line: 1, column: 10) == SourceMark(line: 1, column: 13))
        #expect(root["b"]?.mark(line: 1, column: 11) == SourceMark(line: 2, column: 15))
        #expect(root["c"]?.mark(line: 2, column: 4) == SourceMark(line: 5, column: 6))
        #expect(root["d"]?.mark(line: 1, column: 2) == SourceMark(line: 6, column: 4))
    }

    @Test func `places in JSON count scalars`() throws {
        let root = try JSONReader.read("{\"é\": 1,\n \"ü\": {\"x\": [true, \"a {{ b }}\"]}}")
        #expect(root["ü"]?.mark == SourceMark(line: 2, column: 7))
        guard case .sequence(let items) = root["ü"]?["x"]?.content else {
            throw SourceError(message: "", mark: root.mark)
        }
        #expect(items[1].mark == SourceMark(line: 2, column: 20))
        #expect(items[1].mark(line: 1, column: 6) == SourceMark(line: 2, column: 26))
    }

    @Test(arguments: [
        ("{\"a\": 1, \"a\": 2}", "f:1:10  the key a stands twice in one object"),
        ("{\"a\": 01}", "f:1:8  not valid JSON: a number that begins with 0"),
        ("{\"a\": tru}", "f:1:7  not valid JSON: a value that is not JSON"),
        ("{\"a\": 1,}", "f:1:9  not valid JSON: expected a key in double quotes"),
        ("{\"a\": \"\\ud800\"}", "f:1:14  not valid JSON: half of a surrogate pair"),
        ("{\"a\": [1 2]}", "f:1:10  not valid JSON: expected ',' or ']'"),
        ("{} x", "f:1:4  not valid JSON: text after the end of the document"),
        ("", "f:1:1  not valid JSON: the document ends where a value should stand"),
    ])
    func `JSON that is not JSON is one problem`(text: String, problem: String) {
        #expect(
            Workflow.load(text: text, name: "f", format: .json).problems.map(\.description) == [problem])
    }

    @Test(arguments: [
        ("a: [1, 2", "f:2:1"), ("a: 1\na: 2", "f:1:1"), ("a: &x 1\nb: *y", "f:2:4"), ("", "f:1:1"),
        ("- a\n- b", "f:1:1"), ("a: !!int x", "f:1:4"), ("a: {<<: 3}", "f:1:5"),
    ])
    func `YAML that cannot be used is a problem with its place`(text: String, place: String) {
        let found = Workflow.load(text: text, name: "f", format: .yaml).problems
        #expect(found.count == 1)
        #expect(found.first?.description.hasPrefix(place) == true, "\(found)")
    }

    @Test func `aliases and merge keys are followed`() throws {
        let root = try YAMLReader.read("base: &b {x: 1, y: 2}\nown: {<<: *b, y: 3}\nlist: [*b]")
        #expect(root["own"]?["x"]?.kindName == "an integer")
        guard case .integer(3) = root["own"]?["y"]?.content else {
            Issue.record("the mapping's own key must win")
            return
        }
    }

    @Test func `aliases cannot blow a document up`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let alias = "*a\(level - 1)"
            text += "a\(level): &a\(level) [\(Array(repeating: alias, count: 10).joined(separator: ", "))]\n"
        }
        let found = Workflow.load(text: text, name: "f", format: .yaml).problems
        #expect(found.first?.message == "aliases make this document larger than 1000000 values")
    }

    @Test func `deep nesting is refused and does not crash`() {
        let deep = String(repeating: "[", count: 50_000)
        for format in [WorkflowFormat.json, .yaml] {
            let found = Workflow.load(text: deep, name: "f", format: format).problems
            #expect(found.count == 1)
        }
    }
}
