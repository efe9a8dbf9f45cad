/// Splits Python into logical lines (Language Reference, section 2.1): lines joined by brackets, backslashes and texts
/// over several lines are one, comments and blank lines are none.
///
/// It takes whatever it is given: of a text that is no Python it makes some tokens, in time linear in its length.
struct PythonLines {
    private let code: [UInt8]
    private var place = 0
    /// Replacement fields that `place` is in.
    private var nesting = 0
    /// Deeper ones are passed over as text: no code that a person wrote has them, and each costs a frame.
    private static let mostNesting = 32

    init(_ code: String) { self.code = Array(code.utf8) }

    /// The next logical line that has a token; nil at the end.
    mutating func next() -> [PythonToken]? {
        var tokens: [PythonToken] = []
        var depth = 0
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                place += 1
                if depth == 0, !tokens.isEmpty { return tokens }
            case UInt8(ascii: " "), UInt8(ascii: "\t"), 0x0C: place += 1
            case UInt8(ascii: "\\"): skipContinuation()
            case UInt8(ascii: "#"): skipLine()
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
                if depth == 0 { tokens.append(.operand) }
                depth += 1
                place += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
                depth = max(0, depth - 1)
                place += 1
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                skipText(isFormatted: false)
                if depth == 0 { tokens.append(.operand) }
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                skipWord(withPoints: true)
                if depth == 0 { tokens.append(.operand) }
            case _ where Self.isWord(byte):
                let token = word()
                if depth == 0 { tokens.append(token) }
            case UInt8(ascii: ":") where peek(1) == UInt8(ascii: "="):
                place += 2
                if depth == 0 { tokens.append(.operand) }
            default:
                place += 1
                if depth == 0 { tokens.append(.mark(byte)) }
            }
        }
        return tokens.isEmpty ? nil : tokens
    }

    private func peek(_ ahead: Int = 0) -> UInt8? {
        place + ahead < code.count ? code[place + ahead] : nil
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    private mutating func skipWord(withPoints: Bool) {
        while let byte = peek(), Self.isWord(byte) || withPoints && byte == UInt8(ascii: ".") { place += 1 }
    }

    private mutating func skipLine() {
        while let byte = peek(), byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") { place += 1 }
    }

    /// A backslash joins two lines.
    private mutating func skipContinuation() {
        place += 1
        if peek() == UInt8(ascii: "\r") { place += 1 }
        if peek() == UInt8(ascii: "\n") { place += 1 }
    }

    /// An identifier, or a text with a prefix.
    private mutating func word() -> PythonToken {
        let start = place
        skipWord(withPoints: false)
        let bytes = code[start..<place]
        if bytes.count <= 2, let quote = peek(), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            let prefix = Set(bytes.map { $0 | 0x20 })
            if prefix.isSubset(of: Set("rbuft".utf8)) {
                skipText(isFormatted: prefix.contains(UInt8(ascii: "f")) || prefix.contains(UInt8(ascii: "t")))
                return .operand
            }
        }
        return .name(String(decoding: bytes, as: UTF8.self))
    }

    /// From its first quote on; one of a single line ends with the line at the latest.
    private mutating func skipText(isFormatted: Bool) {
        guard let quote = peek() else { return }
        let isLong = peek(1) == quote && peek(2) == quote
        place += isLong ? 3 : 1
        while let byte = peek() {
            if byte == UInt8(ascii: "\\") {
                // A field begins behind a backslash too.
                place += isFormatted && peek(1) == UInt8(ascii: "{") ? 1 : 2
            } else if byte == quote, !isLong || peek(1) == quote && peek(2) == quote {
                place += isLong ? 3 : 1
                return
            } else if !isLong, byte == UInt8(ascii: "\n") {
                return
            } else if isFormatted, byte == UInt8(ascii: "{"), nesting < Self.mostNesting {
                place += 1
                if peek() == UInt8(ascii: "{") { place += 1 } else { skipField(until: quote, isLong: isLong) }
            } else {
                place += 1
            }
        }
    }

    /// From behind the brace of a replacement field to behind its other brace. Texts in it may have the same quotes
    /// (PEP 701); in its format the text's own quote ends the text.
    private mutating func skipField(until quote: UInt8, isLong: Bool) {
        nesting += 1
        defer { nesting -= 1 }
        var brackets = 0
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "}") where brackets == 0:
                place += 1
                return
            case UInt8(ascii: ":") where brackets == 0:
                place += 1
                return skipFormat(until: quote, isLong: isLong)
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
                brackets += 1
                place += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
                brackets -= 1
                place += 1
            case UInt8(ascii: "\""), UInt8(ascii: "'"): skipText(isFormatted: false)
            case UInt8(ascii: "#"): skipLine()
            case _ where Self.isWord(byte): _ = word()
            default: place += 1
            }
        }
    }

    private mutating func skipFormat(until quote: UInt8, isLong: Bool) {
        while let byte = peek() {
            if byte == UInt8(ascii: "}") {
                place += 1
                return
            }
            if byte == UInt8(ascii: "{"), nesting < Self.mostNesting {
                place += 1
                skipField(until: quote, isLong: isLong)
            } else if byte == quote || !isLong && byte == UInt8(ascii: "\n") {
                return
            } else {
                place += 1
            }
        }
    }
}
