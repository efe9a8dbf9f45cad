import Glibc
import JSON
import Templates
import Testing

/// Random templates: none may crash, hang or give two results.
///
/// `TEMPLATE_FUZZ_COUNT=10000000 swift test -c release --filter TemplateFuzzTests` runs ten million of them;
/// `TEMPLATE_FUZZ_SEED` sets another seed.
@Suite struct TemplateFuzzTests {
    private static let pieces = [
        "{{", "}}", "{%", "%}", "{#", "#}", "-", "+", " ", "\n", "a", "b", "x", "1", "2.5", "'", "\"", "'t'", "(", ")",
        "[", "]", "{", "}", ",", ".", ":", "|", "~", "**", "//", "%", "=", "==", "!=", "<", ">=", "if", "else", "elif",
        "endif", "for", "in", "endfor", "set", "endset", "macro", "m", "endmacro", "call", "endcall", "filter",
        "endfilter", "with", "endwith", "raw", "endraw", "not", "is", "and", "or", "none", "true", "loop", "recursive",
        "upper", "list", "join", "sort", "map", "length", "replace", "format", "defined", "odd", "range", "namespace",
        "dict", "items", "__class__", "é", "\u{301}", "🎉", "\0", "0x", "1e9", "\\", "9999999999999999999", "*", ";", "@",
    ]

    private static let expressions = [
        "a", "b", "x", "l", "d", "t", "1", "-3", "2.5", "'abc'", "none", "true", "[1, 'a']", "{'k': 1}", "(1, 2)",
        "range(5)", "missing", "10**25", "''", "l[0]", "d.k", "t[1:]", "'%s'", "'{}'",
    ]

    private static let operators = [
        " + ", " - ", " * ", " / ", " // ", " % ", " ** ", " ~ ", " == ", " < ", " in ", " and ", " or ", " is sameas ",
        " not in ", " if x else ",
    ]

    private static let suffixes = [
        "|upper", "|list", "|join('-')", "|sort", "|first", "|last", "|length", "|int", "|float", "|round", "|abs", "|tojson",
        "|string", "|e", "|title", "|trim", "|unique|list", "|map('string')|list", "|select|list", "|batch(2)|list",
        "|slice(2)|list", "|groupby('k')", "|dictsort", "|sum", "|min", "|max", "|reverse", "|replace('a', 'b')",
        "|truncate(3)", "|wordwrap(3)", "|indent", "|urlize", "|striptags", "|xmlattr", "|urlencode", "|pprint", "|format(1)",
        "|filesizeformat", "|wordcount", "|center(9)", "|items|list", "|random", "|attr('k')", "|default(1)", "[0]", "[-1]",
        "[1:]", "[::-1]", ".k", ".upper()", ".split()", ".items()", ".get('k')", ".format(1, x)", ".join(l)", " is odd",
        " is mapping", " is defined", "()", "(1)", ".count(1)", ".index('a')", ".zfill(5)", ".__class__", ".append(1)",
    ]

    private static func setting(_ name: String) -> UInt64? {
        getenv(name).flatMap { UInt64(String(cString: $0)) }
    }

    private let count = Int(setting("TEMPLATE_FUZZ_COUNT") ?? 30_000)
    private let seed = setting("TEMPLATE_FUZZ_SEED") ?? 7
    private let context: JSONObject = [
        "a": "text", "b": true, "x": 7, "l": [3, "b", nil, 2.5], "d": ["k": [1, 2], "z": "q"], "t": "Ünï <b>",
    ]

    private func expression(_ random: inout SplitMix, _ depth: Int) -> String {
        var text = random.pick(Self.expressions)
        for _ in 0..<random.below(4) {
            if depth > 0, random.below(3) == 0 {
                text = "(\(text)\(random.pick(Self.operators))\(expression(&random, depth - 1)))"
            } else {
                text += random.pick(Self.suffixes)
            }
        }
        return text
    }

    private func source(_ random: inout SplitMix) -> String {
        if random.below(3) == 0 { return (0..<random.below(20)).map { _ in random.pick(Self.pieces) }.joined() }
        var text = ""
        for _ in 0...random.below(2) {
            let inner = expression(&random, 2)
            switch random.below(8) {
            case 0: text += "{% for i in \(inner) %}{{ i }}{{ loop.nextitem }}{% else %}-{% endfor %}"
            case 1: text += "{% if \(inner) %}{{ \(expression(&random, 1)) }}{% endif %}"
            case 2: text += "{% set a = \(inner) %}{{ a }}"
            case 3: text += "{% filter upper %}{{ \(inner) }}{% endfilter %}"
            default: text += "{{ \(inner) }}"
            }
        }
        if random.below(4) == 0 {
            // One character amiss.
            var scalars = Array(text.unicodeScalars)
            if !scalars.isEmpty { scalars.remove(at: random.below(scalars.count)) }
            text = String(String.UnicodeScalarView(scalars))
        }
        return text
    }

    private func outcome(_ source: String, _ options: RenderOptions) -> Result<String, TemplateError> {
        do throws(TemplateError) {
            let template = try Template(parsing: source)
            var state = SplitMix(seed: 1)
            return .success(try template.render(context, options: options, random: { state.next() }))
        } catch {
            return .failure(error)
        }
    }

    @Test func `no random template crashes or renders twice to different texts`() {
        var random = SplitMix(seed: seed)
        let limits = RenderLimits(steps: 20_000, bytes: 1 << 16)
        let options = [
            RenderOptions(undefined: .lenient, limits: limits), RenderOptions(undefined: .strict, limits: limits),
            RenderOptions(output: .json, undefined: .lenient, limits: limits),
        ]
        var rendered = 0
        for _ in 0..<count {
            let source = source(&random)
            let options = random.pick(options)
            let first = outcome(source, options)
            // Plain comparisons: an expectation for each of millions would take longer than the templates.
            var complaint: String?
            if first != outcome(source, options) { complaint = "two outcomes" }
            switch first {
            case .success(let text):
                rendered += 1
                if text.utf8.count > limits.bytes { complaint = "too long a text" }
            case .failure(let error):
                if error.reason.isEmpty || error.line < 1 || error.column < 1 { complaint = "no place: \(error)" }
            }
            if let complaint { Issue.record("seed \(seed), \(complaint): \(source)") }
        }
        #expect(rendered > count / 10)
    }
}
