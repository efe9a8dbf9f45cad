import Testing

@testable import Checks

struct PythonStatementsTests {
    /// Counts are those of Python's own `ast`.
    @Test(arguments: [
        ("", 0),
        ("# a comment alone\n\n   \n", 0),
        ("x = 1", 1),
        ("x = 1; y = 2;", 2),
        ("x = (1,\n  2)\ny = [\n3]\n", 2),
        ("x = 1 + \\\n  2\n", 1),
        ("if a: b\nelif c: d; e\nelse: f\n", 6),
        ("def f(a: int = 3, *, b: {1: 2}) -> dict[str, int]:\n    \"\"\"Doc.\"\"\"\n    return a\n", 3),
        ("@decorated(x)\n@y\nclass A(B): pass\n", 2),
        ("async def f():\n    async with a as b, c: await d\n    async for e in f: pass\n", 5),
        ("try:\n    a\nexcept (B, C) as d: e\nexcept* F:\n    g\nelse:\n    h\nfinally:\n    i\n", 6),
        ("while x := f(): pass\n", 2),
        ("if (lambda: x)() or y: z\n", 2),
        ("with a: x = lambda b: c; d\n", 3),
        ("if lambda: x: y\n", 2),
        ("match x:\n    case [1, *_] if y: z\n    case -1: pass\n    case _:\n        a = 1; b = 2\n", 5),
        ("match = 1\ncase = 2\ncase: int = 3\nmatch[0] = 4\ntype = 5\nprint(match, case)\n", 6),
        ("type X = int\n", 1),
        ("x = 'a; b: c # no\\' comment'; y\n", 2),
        ("x = '''a\nif b: c\n\"''' ; y\n", 2),
        ("x = f'{a[\"k\"]}{b:{w}}{{not}}' ; y\n", 2),
        ("x = f'{a['k']};{b}'; y\n", 2),
        ("x = rf'\\{a};' ; y\n", 2),
        ("x = b'a;' ; y = Rb\"c;\"; u'd'\n", 3),
        ("for i in range(3):\n\tprint(i)\r\nelse:\r\n\tpass\n", 3),
        ("x = 1_000.5e-3j; y = 0xFF\n", 2),
        ("été = 1; ñ = été\n", 2),
        ("a @ b\n", 1),
        ("x: int\ny: int = 3; z\n", 3),
    ])
    func `statements are counted as Python itself counts them`(code: String, count: Int) {
        #expect(PythonStatements.count(in: code) == count)
    }

    @Test(arguments: [
        "'''", "f'{", "f'{x:{y:{z:{a:{b:{", "(((", ")))", "\\", "f'''{\"", "if", "case", "lambda:", "\u{0}",
    ])
    func `what is no Python is read to its end`(code: String) {
        #expect((0...1).contains(PythonStatements.count(in: code)))
        // Linear: a walk that began anew at each of these would not end.
        _ = PythonStatements.count(in: String(repeating: code, count: 20_000))
    }
}
