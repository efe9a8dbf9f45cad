/// Makes random templates: some of loose tokens, some that are nearly right.
enum TemplateMaker {
    private static let pieces = [
        "{{", "}}", "{%", "%}", "{#", "#}", "-", "+", " ", "\n", "a", "b", "x", "1", "2.5", "'", "\"", "'t'", "(", ")",
        "[", "]", "{", "}", ",", ".", ":", "|", "~", "**", "//", "%", "=", "==", "!=", "<", ">=", "if", "else", "elif",
        "endif", "for", "in", "endfor", "set", "endset", "macro", "m", "endmacro", "call", "endcall", "filter",
        "endfilter", "with", "endwith", "raw", "endraw", "not", "is", "and", "or", "none", "true", "loop", "recursive",
        "upper", "list", "join", "sort", "map", "length", "replace", "format", "defined", "odd", "range", "namespace",
        "dict", "items", "__class__", "é", "\u{301}", "🎉", "\0", "0x", "1e9", "\\", "9999999999999999999", "*", ";",
        "@",
        "autoescape", "endautoescape", "self", "caller", "varargs", "kwargs", "{%-", "-%}", "{%+", "+%}", "\r\n", "_",
    ]
    private static let operands = [
        "a", "b", "x", "l", "d", "t", "1", "-3", "2.5", "'abc'", "none", "true", "[1, 'a']", "{'k': 1}", "(1, 2)",
        "range(5)", "missing", "10**25", "''", "l[0]", "d.k", "t[1:]", "'%s'", "'{}'", "dict(a=1)", "namespace(n=1)",
        "cycler('a', 'b')", "joiner()", "range(3, 0, -1)", "'%5.2f|%-4s'", "'{:>8,.2f}'", "'{0[k]}'", "1e308", "nan",
        "'\\u0130'", "'\\t\\n'", "lipsum(1)", "loop", "caller", "self", "0x1F", "1_0", "'<b>'|safe", "();",
    ]
    private static let operators = [
        " + ", " - ", " * ", " / ", " // ", " % ", " ** ", " ~ ", " == ", " < ", " in ", " and ", " or ", " is sameas ",
        " not in ", " if x else ", " != ", " >= ", " is in ", " is divisibleby ", " if ", ", ",
    ]
    private static let suffixes = [
        "|upper", "|list", "|join('-')", "|sort", "|first", "|last", "|length", "|int", "|float", "|round", "|abs",
        "|tojson",
        "|string", "|e", "|title", "|trim", "|unique|list", "|map('string')|list", "|select|list", "|batch(2)|list",
        "|slice(2)|list", "|groupby('k')", "|dictsort", "|sum", "|min", "|max", "|reverse", "|replace('a', 'b')",
        "|truncate(3)", "|wordwrap(3)", "|indent", "|urlize", "|striptags", "|xmlattr", "|urlencode", "|pprint",
        "|format(1)",
        "|filesizeformat", "|wordcount", "|center(9)", "|items|list", "|random", "|attr('k')", "|default(1)", "[0]",
        "[-1]",
        "[1:]", "[::-1]", ".k", ".upper()", ".split()", ".items()", ".get('k')", ".format(1, x)", ".join(l)", " is odd",
        " is mapping", " is defined", "()", "(1)", ".count(1)", ".index('a')", ".zfill(5)", ".__class__", ".append(1)",
        "|jsonpath('$..k')", "|jsonpath('$.a[?(@.b>1)]')", "|rejectattr('k')|list", "|selectattr('k', 'eq', 1)|list",
        "|map(attribute='k', default=2)|list", "|sort(attribute='k', reverse=true)", "|round(-2, 'ceil')",
        "|int(base=16)",
        "|capitalize", "|forceescape", "|safe", "|count", "|d('x', true)", "|indent(2, true, true)", "|sum(start=x)",
        "|tojson(indent=2)", "|filesizeformat(true)", "|wordwrap(4, false)", "|truncate(5, true, '')", ".title()",
        ".partition('b')", ".splitlines()", ".encode()", ".translate({97: 'b'})", ".expandtabs()", ".casefold()",
        ".format_map(d)", ".isidentifier()", ".as_integer_ratio()", ".hex()", ".bit_length()", ".is_integer()",
        ".copy()",
        ".keys()|list", ".next()", ".current", ".name", "[none]", "[1.0]", "[::0]", "[10**20]", " is not none",
        " is test 'odd'",
        " is filter 'e'", " is callable", " is iterable", " is sequence", " is escaped", " is lower", "(*l)", "(**d)",
        "(a=1)",
    ]

    /// An expression of up to a few operations at each of `depth` levels.
    static func expression(_ random: inout SplitMix, depth: Int) -> String {
        if random.oneIn(12) { return (0..<random.below(8)).map { _ in random.pick(pieces) }.joined(separator: " ") }
        var text = random.pick(operands)
        for _ in 0..<random.below(4) {
            if depth > 0, random.oneIn(3) {
                text = "(\(text)\(random.pick(operators))\(expression(&random, depth: depth - 1)))"
            } else {
                text += random.pick(suffixes)
            }
        }
        return text
    }

    static func template(_ random: inout SplitMix) -> String {
        if random.oneIn(3) { return (0..<random.below(20)).map { _ in random.pick(pieces) }.joined() }
        var text = ""
        for _ in 0...random.below(3) { text += statement(&random, depth: 2) }
        if random.oneIn(4) { text = Mutation.mutated(text, &random) }
        return text
    }

    private static func statement(_ random: inout SplitMix, depth: Int) -> String {
        let inner = expression(&random, depth: 2)
        func body(_ random: inout SplitMix) -> String {
            depth > 0 && random.oneIn(3)
                ? statement(&random, depth: depth - 1) : "{{ \(expression(&random, depth: 1)) }}"
        }
        switch random.below(16) {
        case 0:
            return
                "{% for i in \(inner) %}{{ i }}{{ loop.nextitem }}\(body(&random))\(random.oneIn(2) ? "{% else %}-" : ""){% endfor %}"
        case 1:
            return "{% if \(inner) %}\(body(&random))\(random.oneIn(2) ? "{% elif x %}b" : ""){% else %}c{% endif %}"
        case 2: return "{% set a = \(inner) %}{{ a }}\(body(&random))"
        case 3:
            return
                "{% filter \(random.pick(["upper", "e", "indent(2)", "replace('a', x)", "trim|title"])) %}\(body(&random)){% endfilter %}"
        case 4:
            return
                "{% macro m(p, q=\(inner)) %}{{ p }}{{ q }}{{ varargs }}\(body(&random)){% endmacro %}{{ m(1, \(inner)) }}"
        case 5:
            return
                "{% macro m(p) %}{{ caller(p) }}{% endmacro %}{% call(u) m(\(inner)) %}{{ u }}\(body(&random)){% endcall %}"
        case 6: return "{% with a = \(inner), q = a %}{{ q }}\(body(&random)){% endwith %}"
        case 7: return "{% set s | upper %}\(body(&random)){% endset %}{{ s }}"
        case 8:
            return "{% set ns = namespace(v=1) %}{% for i in [1, 2] %}{% set ns.v = \(inner) %}{% endfor %}{{ ns.v }}"
        case 9: return "{% for i in \(inner) recursive %}{{ loop.depth }}{{ loop([]) }}{% endfor %}"
        case 10: return "{% for i, j in \(inner) if i %}{{ j }}{% endfor %}"
        case 11: return "{% raw %}\(inner){% endraw %}{# \(inner) #}"
        case 12:
            return "{%- autoescape \(random.pick(["true", "false", "x"])) -%} {{- \(inner) -}} {%- endautoescape %}"
        default: return "{{ \(inner) }}"
        }
    }
}
