import JSONSchema
import Testing

struct PatternTests {
    @Test(arguments: [
        ("a|bc", "xbcx", true), ("^a|b$", "ab", true), ("^(a|b)$", "ab", false), ("^a*$", "", true),
        ("a+b", "caaab", true),
        ("^a{2,3}$", "aaaa", false), ("^a{2}$", "aa", true), ("^a{2,}$", "aaaa", true), ("^a{,2}$", "a{,2}", false),
        ("^a{,2}$", "aa", true), ("x{y", "x{y", true), ("^[a-c]+$", "abc", true), ("^[^a-c]+$", "xyz", true),
        ("[]a]", "]", true),
        (#"^\d+$"#, "٣", false), (#"^\w+$"#, "é", false), (#"^\s$"#, "\u{feff}", true), (#"\bcat\b"#, "a cat!", true),
        (#"\bcat\b"#, "cats", false),
        (#"^\p{L}+$"#, "äж中", true), (#"^\p{Lu}$"#, "a", false), (#"^\P{L}$"#, "1", true),
        (#"^\u00e9\x41\u{1F600}$"#, "éA😀", true),
        ("^(?!.*x)a", "abc", true), ("^(?!.*x)a", "abx", false), ("(?<=\\$)\\d", "$5", true),
        ("(?<!\\$)\\b5", "$5", false),
        (#"^(a)(b)\2\1$"#, "abba", true), (#"^(?<q>['"])x\k<q>$"#, "'x'", true), (#"^(?P<q>.)x(?P=q)$"#, "'x\"", false),
        ("(?i)^ÄB$", "äb", true), ("^a.c$", "a\nc", false), ("(?s)^a.c$", "a\nc", true), ("^.$", "👍", true),
        ("^a+?b*?$", "aab", true),
        ("^(?:a|ab)(?:c|bcd)$", "abcd", true), ("^(a?)*$", "aaa", true), ("^(?:(a)|b)*$", "abab", true),
        (#"^(?!^[-+.]*$)[+-]?0*\d*\.?\d*$"#, "12.50", true), (#"^(?!^[-+.]*$)[+-]?0*\d*\.?\d*$"#, "-", false),
        ("a$", "a\n", false),
    ])
    func `a pattern is found, or not`(pattern: String, text: String, isFound: Bool) throws {
        #expect(try SchemaPattern(pattern).search(text) == (isFound ? .found : .notFound))
    }

    @Test(arguments: [
        "(", ")", "[a", "*", "a{3,2}", #"\"#, "(?", "(?<", "[z-a]", #"\p{Klingon}"#, #"\q"#, "(?P=x)", "a**",
        "(?:a{1000}){1000}",
    ])
    func `what is no pattern is refused`(pattern: String) throws {
        #expect(throws: PatternError.self) { try SchemaPattern(pattern) }
    }

    @Test func `a pattern that would take for ever is given up`() throws {
        #expect(try SchemaPattern("^(a+)+$").search(String(repeating: "a", count: 40) + "b") == .tooMuchWork)
    }
}
