/// A regular expression of a schema's `pattern` or `patternProperties`, in ECMA-262's syntax for texts of Unicode code
/// points, with those of Python's spellings that differ (`(?P<name>...)`, `(?P=name)`, `\A`, `\Z`, `(?i)` at the
/// start).
///
/// `\d`, `\w` and `\b` mean ASCII, `\s` ECMA's white space, and `$` the very end. Scripts (`\p{Script=...}`) are not
/// known; general categories are.
///
/// A backtracking search that counts its steps: no pattern can take longer than `stepLimit` steps, whatever its author
/// wrote and whatever the text is.
package struct SchemaPattern: Sendable {
    /// Steps of one search, some 20 ms.
    static let stepLimit = 1_000_000

    package enum Answer: Hashable, Sendable {
        case found
        case notFound
        /// The search was given up.
        case tooMuchWork
    }

    package let source: String
    private let program: PatternProgram

    /// - Throws: `PatternError` for what is no regular expression, or uses what is not known here.
    package init(_ source: String) throws(PatternError) {
        self.source = source
        program = try PatternParser.parse(source)
    }

    /// Whether the pattern occurs anywhere in the text.
    package func search(_ text: String) -> Answer {
        if let answer = program.plainAnswer(text) { return answer }
        var matcher = PatternMatcher(program, text.unicodeScalars.map(\.value), steps: Self.stepLimit)
        return matcher.search()
    }
}

/// Why a text is no pattern.
package struct PatternError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Code points before the place.
    package let offset: Int
    package let reason: String

    package var description: String { "at character \(offset + 1): \(reason)" }
}
