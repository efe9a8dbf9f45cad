import JSON
import Templates
import Testing

@Suite struct TemplateSandboxTests {
    private func failure(
        _ source: String, _ context: JSONObject = [:], limits: RenderLimits = .default
    ) throws -> TemplateError {
        try #require(throws: TemplateError.self, "\(source)") {
            let template = try Template(parsing: source)
            return try template.render(context, options: RenderOptions(limits: limits))
        }
    }

    @Test(arguments: [
        "{{ ''.__class__.__mro__ }}", "{{ ().__class__.__bases__[0] }}", "{{ range.__globals__.x }}",
        "{{ l.append(1) }}",
        "{{ l.sort() }}", "{{ d.update({}) }}", "{{ d.setdefault('a', 1) }}", "{{ dict.mro() }}",
        "{{ ''['__class__'].x }}", "{{ ''|attr('__class__')|attr('x') }}",
        "{{ (l|map(attribute='__class__')|list)[0].x }}",
    ])
    func `what the sandbox refuses is a security error`(source: String) throws {
        #expect(try failure(source, ["l": [1], "d": [:]]).kind == .security)
    }

    @Test(arguments: [
        "{{ 'a' * 10**9 }}", "{{ [1] * 10**9 }}", "{{ 10**(10**10) }}", "{{ '%1000000000d' % 1 }}",
        "{{ '%.999999999f' % 1.0 }}",
        "{{ '{:>1000000000}'.format(1) }}", "{{ 'a'|center(10**9) }}", "{{ 'a'.ljust(10**9) }}",
        "{{ '1'.zfill(10**9) }}",
        "{{ 'a\nb'|indent(10**9) }}", "{{ ('a' * 1000)|replace('a', 'b' * 2000) }}", "{{ '\t'.expandtabs(10**9) }}",
        "{{ ('a' * 100000).join(range(1000)|map('string')) }}", "{{ [1]|batch(10**9, 0)|list }}",
        "{{ range(99999)|slice(10**9)|list }}", "{{ [[1]]|tojson(indent=10**9) }}",
        "{% set ns = namespace(s='ab') %}{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s }}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s|tojson }}",
        "{% set ns = namespace(n=2) %}{% for i in range(99) %}{% set ns.n = ns.n * ns.n %}{% endfor %}",
        "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
        "{% for i in range(9999) %}{{ 'abcdefghij' * 1000 }}{% endfor %}",
    ])
    func `what would take too much time or memory is refused`(source: String) throws {
        #expect(try failure(source, limits: RenderLimits(steps: 300_000)).kind == .limit)
    }

    @Test(arguments: [
        "{% macro m(n) %}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}",
        "{% macro m(n) %}{% if true %}{% for i in [1] %}{{ [m(n)]|join }}{% endfor %}{% endif %}{% endmacro %}{{ m(0) }}",
        "{% for x in t recursive %}{{ loop(t) }}{% endfor %}",
        "{% set ns = namespace() %}{% set ns.a = ns %}{{ ns }}",
        "{% set ns = namespace(l=[]) %}{% for i in range(5000) %}{% set ns.l = [ns.l] %}{% endfor %}",
        "{% set ns = namespace(g=[1]) %}{% for i in range(5000) %}{% set ns.g = ns.g|map('abs') %}{% endfor %}{{ ns.g|list }}",
        "{% set ns = namespace(g=1) %}{% for i in range(5000) %}{% set ns.g = [ns.g].index %}{% endfor %}",
    ])
    func `recursion without end is refused and exhausts no stack`(source: String) throws {
        let error = try failure(source, ["t": [1]])
        #expect(error.kind == .limit)
        #expect(error.exception == .recursionError)
    }

    @Test func `limits are the caller's`() throws {
        let template = try Template(parsing: "{% for i in range(100) %}{{ i }} {% endfor %}")
        func run(_ limits: RenderLimits) throws -> Int {
            try template.render([], options: RenderOptions(limits: limits)).utf8.count
        }
        #expect(try run(RenderLimits()) == 290)
        #expect(try run(RenderLimits(bytes: 290)) == 290)
        #expect(throws: TemplateError.self) { try run(RenderLimits(bytes: 289)) }
        #expect(throws: TemplateError.self) { try run(RenderLimits(steps: 50)) }
        #expect(throws: TemplateError.self) { try run(RenderLimits(depth: 1)) }
    }
}
