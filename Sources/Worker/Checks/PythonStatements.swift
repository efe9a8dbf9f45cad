/// Counts the statements of Python code, which a score is divided by.
///
/// They are those that Python's own `ast.walk` finds: simple statements, also several in a line, compound ones with
/// what is in them, each `elif` (an `if` in an `else`); neither `else`, `except`, `finally` and `case` nor decorators.
/// The code is not run. Of code that is no Python the count means nothing, and none is needed: its score is 0.
enum PythonStatements {
    private static let compound: Set<String> = ["if", "for", "while", "with", "try", "def", "class", "async", "elif"]
    private static let clauses: Set<String> = ["else", "except", "finally"]
    private static let colon = PythonToken.mark(UInt8(ascii: ":"))
    private static let semicolon = PythonToken.mark(UInt8(ascii: ";"))

    static func count(in code: String) -> Int {
        var lines = PythonLines(code)
        var count = 0
        while let line = lines.next() { count += statements(in: line[...]) }
        return count
    }

    private static func statements(in line: ArraySlice<PythonToken>) -> Int {
        guard let first = line.first else { return 0 }
        if first == .mark(UInt8(ascii: "@")) { return 0 }
        guard case .name(let word) = first else { return simpleStatements(in: line) }
        if compound.contains(word) { return 1 + simpleStatements(in: suite(of: line)) }
        if clauses.contains(word) || word == "case" && isCase(line) { return simpleStatements(in: suite(of: line)) }
        // A `match` has its cases on lines of their own: as a statement it counts as a simple one does.
        return simpleStatements(in: line)
    }

    private static func simpleStatements(in line: ArraySlice<PythonToken>) -> Int {
        line.split(separator: semicolon).count
    }

    /// What stands behind the colon of a clause's head.
    private static func suite(of line: ArraySlice<PythonToken>) -> ArraySlice<PythonToken> {
        var lambdas = 0
        for place in line.indices {
            if line[place] == .name("lambda") { lambdas += 1 }
            guard line[place] == colon else { continue }
            if lambdas == 0 { return line[line.index(after: place)...] }
            lambdas -= 1
        }
        return []
    }

    /// `case` is a word like any other, but at the head of a case.
    private static func isCase(_ line: ArraySlice<PythonToken>) -> Bool {
        guard let second = line.dropFirst().first, second != colon, line.contains(colon) else { return false }
        switch second {
        case .mark(let byte): return byte == UInt8(ascii: "-") || byte == UInt8(ascii: "*")
        case .name, .operand: return true
        }
    }
}
