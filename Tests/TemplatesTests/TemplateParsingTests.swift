import JSON
import Templates
import Testing

@Suite struct TemplateParsingTests {
    private func names(_ source: String) throws -> [String] {
        try Template(parsing: source).references.map(\.name).sorted()
    }

    @Test func `references are the names that the template does not set itself`() throws {
        #expect(try names("plain") == [])
        #expect(try names("{{ b }}{{ a.x.y }}{{ a['k'] }}{{ b|upper }}") == ["a", "b"])
        let loop = "{% for i in rows if i.on %}{{ i }}{{ loop.index }}{{ extra }}{% endfor %}"
        #expect(try names(loop) == ["extra", "rows"])
        #expect(try names("{% set x = y %}{{ x }}{% with q = z %}{{ q }}{% endwith %}") == ["y", "z"])
        #expect(try names("{% macro m(a, b=c) %}{{ a }}{{ d }}{% endmacro %}{{ m(1) }}") == ["c", "d"])
        #expect(try names("{{ range(3) }}{{ dict(a=b) }}{{ namespace() }}{{ lipsum }}") == ["b"])
        #expect(try names("{{ x }}{% set x = 1 %}") == ["x"])
        #expect(try names("{% if a %}{% set v = 1 %}{% endif %}{{ v }}") == ["a", "v"])
        #expect(try names("{% for i in i %}{{ i }}{% endfor %}") == ["i"])
        #expect(try names("{{ self }}{{ loop }}") == ["loop"])
    }

    @Test func `a reference knows where it first stands`() throws {
        let template = try Template(parsing: "ä {{ one }}\n  {{ 'é' ~ two }}{{ one }}")
        let positions = Dictionary(uniqueKeysWithValues: template.references.map { ($0.name, $0.position) })
        #expect(positions["one"] == SourcePosition(line: 1, column: 6))
        #expect(positions["two"] == SourcePosition(line: 2, column: 12))
        #expect(template.references.map { template.slotNames[$0.slot] } == template.references.map(\.name))
    }

    @Test(arguments: [
        ("{{ name", 1, 8, "unexpected end of template, expected 'end of print statement'."),
        ("line\n{{ a b }}", 2, 6, "expected token 'end of print statement', got 'b'"),
        ("{% if x %}\ntext", 2, 5, "Unexpected end of template. Jinja was looking for the following tags: 'elif' or"),
        ("{% nothing %}", 1, 4, "Encountered unknown tag 'nothing'."),
        ("{% for a in b %}{% if a %}{% endfor %}", 1, 30, "You probably made a nesting mistake."),
        ("{{ a|\n nosuch }}", 2, 2, "No filter named 'nosuch'."),
        ("{{ a is nosuch }}", 1, 6, "No test named 'nosuch'."),
        ("{% include 'x' %}", 1, 4, "'include' needs other templates"),
        ("{% extends 'x' %}", 1, 4, "'extends' needs other templates"),
        ("{# open", 1, 1, "Missing end of comment tag"),
        ("{{ 'open }}", 1, 4, "unexpected char"),
        ("{{ (1] }}", 1, 6, "unexpected ']', expected ')'"),
        ("{% set 1 = 2 %}", 1, 8, "can't assign to 'const'"),
    ])
    func `a syntax error names its place and what was wrong`(
        source: String, line: Int, column: Int, reason: String
    ) throws {
        let error = try #require(throws: TemplateError.self) { try Template(parsing: source, name: "prompt of x") }
        #expect(error.kind == .syntax)
        #expect(error.template == "prompt of x")
        #expect(error.line == line)
        #expect(error.column == column)
        #expect(error.reason.contains(reason), "\(error.reason)")
        #expect(error.description.hasPrefix("prompt of x, line \(line), column \(column): "))
    }

    @Test(arguments: [
        ("a\n{{ d.missing.more }}", TemplateError.Kind.undefined, 2, 13),
        ("{{ 1 + 'a' }}", .runtime, 1, 4),
        ("{{ d.update({}) }}", .security, 1, 12),
        ("\n\n{% for x in 5 %}{% endfor %}", .runtime, 3, 13),
        ("{% set ns = 1 %}{% set ns.a = 2 %}", .runtime, 1, 24),
        ("{{ d|tojson|round }}", .runtime, 1, 13),
    ])
    func `an error while rendering names its place`(
        source: String, kind: TemplateError.Kind, line: Int, column: Int
    ) throws {
        let template = try Template(parsing: source)
        let error = try #require(throws: TemplateError.self) { try template.render(["d": [:]] as JSONObject) }
        #expect(error.kind == kind)
        #expect(error.line == line, "\(error)")
        #expect(error.column == column, "\(error)")
    }

    @Test func `an unknown filter in a branch is reported and matters only when it is reached`() throws {
        let template = try Template(parsing: "{% if a %}{{ b|nosuch }}{% else %}fine{% endif %}", name: "t")
        #expect(template.unreachedErrors.map(\.description) == ["t, line 1, column 16: No filter named 'nosuch'."])
        #expect(try template.render(["a": false, "b": 1] as JSONObject) == "fine")
        let error = try #require(throws: TemplateError.self) {
            try template.render(["a": true, "b": 1] as JSONObject)
        }
        #expect(error.kind == .runtime)
    }

    @Test(arguments: [
        ("{{ ", "("), ("", "{% if a %}"), ("{{ ", "-"), ("{{ ", "not "), ("{{ 1", " + 1"), ("{{ 1", "|abs"),
        ("{{ ", "1 if 0 else "), ("{{ ", "["), ("{{ ", "{1:"),
    ])
    func `a template nested without end is refused`(head: String, level: String) {
        let source = head + String(repeating: level, count: 100_000)
        #expect(throws: TemplateError.self) { try Template(parsing: source) }
        #expect(throws: TemplateError.self) { try Template(parsing: "\(source)1 }}") }
    }

    @Test func `an expression stands alone`() throws {
        let expression = try TemplateExpression(parsing: "person.age > 40 and name != 'x'")
        #expect(expression.references.map(\.name).sorted() == ["name", "person"])
        let row: JSONObject = ["person": ["age": 45], "name": "Ada"]
        let value = try expression.evaluate(row)
        #expect(value.json == .bool(true))
        #expect(value.text == "True")
        #expect(try TemplateExpression(parsing: "n").evaluate(["n": 1] as JSONObject).text == "1")
        #expect(try TemplateExpression(parsing: "[1, 'a'][1]").evaluate([]).json == "a")
        for source in ["a b", "", "{{ a }}", "a |", "a }}"] {
            #expect(throws: TemplateError.self) { try TemplateExpression(parsing: source) }
        }
    }
}
