import JSON

/// Reads a text as a Python literal, as `ast.literal_eval` does: numbers, strings, bytes, `True`, `False`, `None`, and
/// tuples, lists and dictionaries of them. (Sets and complex numbers are taken for no literals.)
struct PythonLiteral {
    private let scalars: [Unicode.Scalar]
    private var at = 0
    private var depth = 0
    private let meter = WorkMeter(limit: .max)
    /// The first half of a pair of escapes that was just read.
    private var pendingSurrogate: UInt32?

    private struct NotALiteral: Error {}

    private static let depthLimit = 100

    /// Nil when the text is anything else.
    static func parse(_ text: String) -> Value? {
        var parser = PythonLiteral(scalars: Array(text.unicodeScalars))
        return try? parser.parseWhole()
    }

    private init(scalars: [Unicode.Scalar]) {
        self.scalars = scalars
    }

    private var current: Unicode.Scalar? { at < scalars.count ? scalars[at] : nil }

    private mutating func parseWhole() throws -> Value {
        // Blank lines and comments may come first, but the literal's own line must not be indented.
        var lineStart = at
        repeat {
            lineStart = at
            skipSpace(withLines: false)
            if current == "\n" || current == "\r" { at += 1 } else { break }
        } while true
        guard at == lineStart else { throw NotALiteral() }
        let value = try elements(until: nil)
        // Line breaks may follow, and comments.
        skipSpace(withLines: true)
        guard current == nil, !endsInIndentation else { throw NotALiteral() }
        return value
    }

    /// A last line of nothing but white space, which Python takes for an indented line.
    private var endsInIndentation: Bool {
        guard let lineBreak = scalars.lastIndex(of: "\n"), lineBreak < scalars.count - 1 else { return false }
        return scalars[(lineBreak + 1)...].allSatisfy { $0 == " " || $0 == "\t" }
    }

    private mutating func skipSpace(withLines: Bool) {
        while let scalar = current {
            switch scalar {
            case " ", "\t", "\u{C}": at += 1
            case "\n", "\r":
                guard withLines else { return }
                at += 1
            case "#": while let scalar = current, scalar != "\n" { at += scalar == "\n" ? 0 : 1 }
            default: return
            }
        }
    }

    /// One element, or a tuple of those between commas; with a closing bracket, up to it.
    private mutating func elements(until end: Unicode.Scalar?) throws -> Value {
        var values: [Value] = []
        var hasComma = false
        let isBracketed = end != nil
        skipSpace(withLines: isBracketed)
        while current != end, current != nil {
            if !isBracketed, current == "\n" || current == "\r" { break }
            values.append(try element())
            skipSpace(withLines: isBracketed)
            guard current == "," else { break }
            hasComma = true
            at += 1
            skipSpace(withLines: isBracketed)
        }
        if end != nil {
            guard current == end else { throw NotALiteral() }
            at += 1
        }
        if end == "]" { return try Value.makeList(values) }
        if values.count == 1, !hasComma { return values[0] }
        guard end != nil || !values.isEmpty else { throw NotALiteral() }
        return try Value.makeTuple(values)
    }

    private mutating func element() throws -> Value {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit, let scalar = current else { throw NotALiteral() }
        switch scalar {
        case "(":
            at += 1
            return try elements(until: ")")
        case "[":
            at += 1
            return try elements(until: "]")
        case "{":
            at += 1
            return try dictionary()
        case "+", "-":
            at += 1
            skipSpace(withLines: false)
            guard let number = PythonNumber(try unsignedNumber()) else { throw NotALiteral() }
            return scalar == "-" ? PythonArithmetic.negate(number) : try PythonArithmetic.add(number, .integer(0))
        case "'", "\"": return try strings()
        case ".": return try number()
        default:
            if isDigit(scalar) { return try number() }
            return try word()
        }
    }

    /// What a sign may stand before: a number, perhaps in parentheses.
    private mutating func unsignedNumber() throws -> Value {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit, let scalar = current else { throw NotALiteral() }
        if scalar == "." || isDigit(scalar) { return try number() }
        guard scalar == "(" else { throw NotALiteral() }
        at += 1
        skipSpace(withLines: true)
        let value = try unsignedNumber()
        skipSpace(withLines: true)
        guard current == ")" else { throw NotALiteral() }
        at += 1
        return value
    }

    private func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.value &- 0x30 < 10 }

    private mutating func word() throws -> Value {
        let start = at
        while let scalar = current, PythonCharacters.isWord(scalar) { at += 1 }
        let word = PythonStrings.string(scalars[start..<at])
        if current == "'" || current == "\"" {
            at = start
            return try strings()
        }
        switch word {
        case "True": return .bool(true)
        case "False": return .bool(false)
        case "None": return .none
        default: throw NotALiteral()
        }
    }

    private mutating func dictionary() throws -> Value {
        var table = DictionaryTable()
        skipSpace(withLines: true)
        while current != "}" {
            let key = try element()
            skipSpace(withLines: true)
            guard current == ":" else { throw NotALiteral() }
            at += 1
            skipSpace(withLines: true)
            try table.set(key, try element(), meter)
            skipSpace(withLines: true)
            guard current == "," else { break }
            at += 1
            skipSpace(withLines: true)
        }
        guard current == "}" else { throw NotALiteral() }
        at += 1
        return try Value.makeDictionary(table)
    }

    // MARK: Numbers

    private mutating func number() throws -> Value {
        let start = at
        var isFloat = false
        while let scalar = current {
            let before = at > start ? scalars[at - 1] : " "
            if scalar == "." {
                isFloat = true
            } else if scalar == "+" || scalar == "-" {
                guard before == "e" || before == "E", scalars[start] != "0" || !isPrefixed(start) else { break }
            } else if !PythonCharacters.isWord(scalar) {
                break
            }
            at += 1
        }
        let text = PythonStrings.string(scalars[start..<at])
        if let value = PythonNumberParsing.integerLiteral(text) { return value }
        let hasExponent = text.utf8.contains { $0 | 0x20 == UInt8(ascii: "e") }
        guard isFloat || hasExponent, let value = PythonNumberParsing.float(text) else { throw NotALiteral() }
        return .float(value)
    }

    private func isPrefixed(_ start: Int) -> Bool {
        guard start + 1 < scalars.count else { return false }
        return "xXbBoO".unicodeScalars.contains(scalars[start + 1])
    }

    // MARK: Strings

    private mutating func strings() throws -> Value {
        var text = ""
        var bytes: [UInt8] = []
        var isBytes: Bool?
        repeat {
            var (isRaw, isByteString) = (false, false)
            let prefixStart = at
            while let scalar = current, scalar != "'", scalar != "\"" {
                switch scalar {
                case "r", "R": isRaw = true
                case "b", "B": isByteString = true
                case "u", "U": guard at == prefixStart else { throw NotALiteral() }
                default: throw NotALiteral()
                }
                at += 1
            }
            let isUnicode = at > prefixStart && "uU".unicodeScalars.contains(scalars[prefixStart])
            guard !isUnicode || at == prefixStart + 1 else { throw NotALiteral() }
            guard isBytes == nil || isBytes == isByteString else { throw NotALiteral() }
            isBytes = isByteString
            let part = try string(isRaw: isRaw, isBytes: isByteString)
            if isByteString {
                bytes += part.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
            } else {
                text += part
            }
            skipSpace(withLines: depth > 1)
        } while startsString()
        return isBytes == true ? .bytes(bytes) : .string(text)
    }

    private func startsString() -> Bool {
        var place = at
        while place < scalars.count, place - at < 3, "rRbBuU".unicodeScalars.contains(scalars[place]) { place += 1 }
        return place < scalars.count && (scalars[place] == "'" || scalars[place] == "\"")
    }

    private mutating func string(isRaw: Bool, isBytes: Bool) throws -> String {
        guard let quote = current else { throw NotALiteral() }
        let isTriple = at + 2 < scalars.count && scalars[at + 1] == quote && scalars[at + 2] == quote
        at += isTriple ? 3 : 1
        var result = String.UnicodeScalarView()
        while let scalar = current {
            if scalar == quote {
                if !isTriple {
                    at += 1
                    return String(result)
                }
                if at + 2 < scalars.count, scalars[at + 1] == quote, scalars[at + 2] == quote {
                    at += 3
                    return String(result)
                }
            }
            if scalar == "\n", !isTriple { break }
            if isBytes, !scalar.isASCII { break }
            at += 1
            guard scalar == "\\", let next = current else {
                pendingSurrogate = nil
                result.append(scalar)
                continue
            }
            if isRaw {
                result.append(scalar)
                result.append(next)
                at += 1
            } else {
                try appendEscape(isBytes, to: &result)
            }
        }
        throw NotALiteral()
    }

    private mutating func appendEscape(_ isBytes: Bool, to result: inout String.UnicodeScalarView) throws {
        let kind = scalars[at]
        at += 1
        if kind != "u" { pendingSurrogate = nil }
        switch kind {
        case "\n": break
        case "\\", "'", "\"": result.append(kind)
        case "a": result.append("\u{7}")
        case "b": result.append("\u{8}")
        case "f": result.append("\u{C}")
        case "n": result.append("\n")
        case "r": result.append("\r")
        case "t": result.append("\t")
        case "v": result.append("\u{B}")
        case "0"..."7":
            var value = kind.value - 0x30
            for _ in 0..<2 {
                guard let digit = current, ("0"..."7").contains(digit) else { break }
                value = value * 8 + digit.value - 0x30
                at += 1
            }
            result.append(Unicode.Scalar(value) ?? "\u{FFFD}")
        case "x": try appendHexadecimal(2, to: &result)
        case "u" where !isBytes: try appendHexadecimal(4, to: &result)
        case "U" where !isBytes: try appendHexadecimal(8, to: &result)
        case "N" where !isBytes: throw NotALiteral()
        default:
            result.append("\\")
            result.append(kind)
        }
    }

    private mutating func appendHexadecimal(_ count: Int, to result: inout String.UnicodeScalarView) throws {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard let digit = current, digit.isASCII, let number = BigInteger.digitValue(UInt8(digit.value)),
                number < 16
            else { throw NotALiteral() }
            value = value << 4 | UInt32(number)
            at += 1
        }
        guard value <= 0x10FFFF else { throw NotALiteral() }
        if (0xDC00...0xDFFF).contains(value), let high = pendingSurrogate {
            // JSON writes what lies beyond 16 bits as two escapes.
            result.removeLast()
            value = 0x10000 + (high - 0xD800) << 10 + (value - 0xDC00)
        }
        pendingSurrogate = (0xD800...0xDBFF).contains(value) ? value : nil
        result.append(Unicode.Scalar(value) ?? "\u{FFFD}")
    }
}
