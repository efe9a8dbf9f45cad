/// Cuts a template's source into tokens, by the rules of Jinja 3.1's lexer.
struct Lexer {
    /// The source with every line break as `\n`, without the last one.
    let scalars: [Unicode.Scalar]
    var at = 0
    private(set) var tokens: [Token] = []
    private var lineStarts: [Int]

    private init(_ source: String, keepsTrailingNewline: Bool) {
        var scalars: [Unicode.Scalar] = []
        scalars.reserveCapacity(source.utf8.count)
        var isBehindReturn = false
        for scalar in source.unicodeScalars {
            if scalar == "\n", isBehindReturn {
                isBehindReturn = false
                continue
            }
            isBehindReturn = scalar == "\r"
            scalars.append(isBehindReturn ? "\n" : scalar)
        }
        if !keepsTrailingNewline, scalars.last == "\n" { scalars.removeLast() }
        self.scalars = scalars
        lineStarts = [0]
        for (place, scalar) in scalars.enumerated() where scalar == "\n" { lineStarts.append(place + 1) }
    }

    /// The tokens of a template.
    static func template(_ source: String) throws(TemplateError) -> [Token] {
        var lexer = Lexer(source, keepsTrailingNewline: false)
        try lexer.lexTemplate()
        lexer.append(.end)
        return lexer.tokens
    }

    /// The tokens of a bare expression.
    static func expression(_ source: String) throws(TemplateError) -> [Token] {
        var lexer = Lexer(source, keepsTrailingNewline: false)
        try lexer.lexTag(.expression)
        lexer.append(.end)
        return lexer.tokens
    }

    func position(_ offset: Int) -> SourcePosition {
        var (low, high) = (0, lineStarts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return SourcePosition(line: low + 1, column: offset - lineStarts[low] + 1)
    }

    mutating func append(_ kind: Token.Kind, from start: Int? = nil) {
        tokens.append(Token(kind: kind, position: position(start ?? at)))
    }

    func failure(_ reason: String, at offset: Int? = nil) -> TemplateError {
        .syntax(reason, at: position(offset ?? at))
    }

    func scalar(_ offset: Int) -> Unicode.Scalar? { offset < scalars.count ? scalars[offset] : nil }

    /// Whether the source goes on with `text` (ASCII) at `offset`.
    func matches(_ text: StaticString, at offset: Int) -> Bool {
        let count = text.utf8CodeUnitCount
        guard offset + count <= scalars.count else { return false }
        for index in 0..<count where scalars[offset + index].value != UInt32(text.utf8Start[index]) { return false }
        return true
    }

    func spaceEnd(from offset: Int) -> Int {
        var end = offset
        while let scalar = scalar(end), PythonCharacters.isSpace(scalar) { end += 1 }
        return end
    }

    private mutating func lexTemplate() throws(TemplateError) {
        while at < scalars.count {
            let start = at
            guard let opening = nextOpening(from: at) else {
                appendData(start..<scalars.count)
                at = scalars.count
                return
            }
            at = opening + 2
            let sign = scalar(at)
            if sign == "-" || sign == "+" { at += 1 }
            appendData(start..<opening, trimsEnd: sign == "-")
            switch scalars[opening + 1] {
            case "#": try skipComment(from: opening)
            case "{":
                append(.variableBegin, from: opening)
                try lexTag(.variable)
            default:
                if let bodyStart = rawBodyStart() {
                    at = bodyStart
                    try lexRaw(from: opening)
                } else {
                    append(.blockBegin, from: opening)
                    try lexTag(.block)
                }
            }
        }
    }

    private func nextOpening(from start: Int) -> Int? {
        var place = start
        while place + 1 < scalars.count {
            if scalars[place] == "{" {
                let next = scalars[place + 1]
                if next == "{" || next == "%" || next == "#" { return place }
            }
            place += 1
        }
        return nil
    }

    private mutating func appendData(_ range: Range<Int>, trimsEnd: Bool = false) {
        var end = range.upperBound
        if trimsEnd {
            while end > range.lowerBound, PythonCharacters.isSpace(scalars[end - 1]) { end -= 1 }
        }
        guard end > range.lowerBound else { return }
        append(.data(PythonStrings.string(scalars[range.lowerBound..<end])), from: range.lowerBound)
    }

    private mutating func skipComment(from opening: Int) throws(TemplateError) {
        while at + 1 < scalars.count {
            if matches("#}", at: at) {
                at += 2
                return
            }
            if matches("-#}", at: at) {
                at = spaceEnd(from: at + 3)
                return
            }
            at += 1
        }
        throw failure("Missing end of comment tag", at: opening)
    }

    /// Where the body of a raw block begins whose opening (`{%` and a sign) was just read; nil if it is another tag.
    private func rawBodyStart() -> Int? {
        var place = spaceEnd(from: at)
        guard matches("raw", at: place) else { return nil }
        place = spaceEnd(from: place + 3)
        if matches("-%}", at: place) { return spaceEnd(from: place + 3) }
        return matches("%}", at: place) ? place + 2 : nil
    }

    private mutating func lexRaw(from opening: Int) throws(TemplateError) {
        let start = at
        while at < scalars.count {
            if matches("{%", at: at), let end = rawEnd(from: at + 2) {
                appendData(start..<at, trimsEnd: scalar(at + 2) == "-")
                at = end
                return
            }
            at += 1
        }
        throw failure("Missing end of raw directive", at: opening)
    }

    private func rawEnd(from offset: Int) -> Int? {
        var place = offset
        if scalar(place) == "-" || scalar(place) == "+" { place += 1 }
        place = spaceEnd(from: place)
        guard matches("endraw", at: place) else { return nil }
        return blockEnd(at: spaceEnd(from: place + 6))
    }

    /// Behind `%}`, `+%}`, or `-%}` and white space; nil if none of them is here.
    func blockEnd(at offset: Int) -> Int? {
        if matches("-%}", at: offset) { return spaceEnd(from: offset + 3) }
        if matches("+%}", at: offset) { return offset + 3 }
        return matches("%}", at: offset) ? offset + 2 : nil
    }
}
