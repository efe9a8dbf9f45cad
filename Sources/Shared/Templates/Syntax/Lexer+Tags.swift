extension Lexer {
    enum Tag {
        case variable, block
        /// No tag: the whole source is one expression.
        case expression
    }

    /// Reads up to and including the tag's end.
    mutating func lexTag(_ tag: Tag) throws(TemplateError) {
        var open: [Unicode.Scalar] = []
        while at < scalars.count {
            if open.isEmpty, let end = tagEnd(tag) {
                append(tag == .block ? .blockEnd : .variableEnd)
                at = end
                if tag != .expression { return }
                continue
            }
            let scalar = scalars[at]
            if PythonCharacters.isSpace(scalar) {
                at = spaceEnd(from: at)
            } else if isASCIIDigit(scalar) {
                try lexNumber()
            } else if isNameScalar(scalar) {
                try lexName()
            } else if scalar == "'" || scalar == "\"" {
                try lexString(scalar)
            } else {
                try lexOperator(&open)
            }
        }
    }

    private func tagEnd(_ tag: Tag) -> Int? {
        if tag == .block { return blockEnd(at: at) }
        if matches("-}}", at: at) { return spaceEnd(from: at + 3) }
        return matches("}}", at: at) ? at + 2 : nil
    }

    private func isASCIIDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.value &- 0x30 < 10 }

    private func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
        PythonCharacters.isWord(scalar) || scalar.properties.isXIDContinue
    }

    private mutating func lexName() throws(TemplateError) {
        let start = at
        while let scalar = scalar(at), isNameScalar(scalar) { at += 1 }
        let name = PythonStrings.string(scalars[start..<at])
        guard PythonCharacters.isIdentifier(name) else { throw failure("Invalid character in identifier", at: start) }
        append(.name(name), from: start)
    }

    private mutating func lexOperator(_ open: inout [Unicode.Scalar]) throws(TemplateError) {
        let scalar = scalars[at]
        for symbol in ["//", "**", "==", "!=", ">=", "<="] as [StaticString] where matches(symbol, at: at) {
            append(.symbol(String(describing: symbol)))
            at += 2
            return
        }
        guard "+-/*%~[](){}><=.:|,;".unicodeScalars.contains(scalar) else {
            throw failure("unexpected char \(PythonRepr.text(String(scalar))) at \(at)")
        }
        switch scalar {
        case "{": open.append("}")
        case "(": open.append(")")
        case "[": open.append("]")
        case "}", ")", "]":
            guard let expected = open.popLast() else { throw failure("unexpected '\(scalar)'") }
            guard expected == scalar else { throw failure("unexpected '\(scalar)', expected '\(expected)'") }
        default: break
        }
        append(.symbol(String(scalar)))
        at += 1
    }

    // MARK: Numbers

    private mutating func lexNumber() throws(TemplateError) {
        let start = at
        let isBehindDot = start > 0 && scalars[start - 1] == "."
        if !isBehindDot, let end = floatEnd(from: start) {
            at = end
            let text = scalars[start..<end].filter { $0 != "_" }
            append(.float(Double(PythonStrings.string(text)) ?? .infinity), from: start)
            return
        }
        var radix = 10
        var digitsStart = start
        if scalars[start] == "0", let letter = scalar(start + 1) {
            let found: Int? =
                switch letter {
                case "b", "B": 2
                case "o", "O": 8
                case "x", "X": 16
                default: nil
                }
            if let found, digitsEnd(from: start + 2, radix: found, startsWithUnderscore: true) > start + 2 {
                radix = found
                digitsStart = start + 2
            }
        }
        if radix != 10 {
            at = digitsEnd(from: digitsStart, radix: radix, startsWithUnderscore: true)
        } else if scalars[start] == "0" {
            at = digitsEnd(from: start, radix: 1, startsWithUnderscore: false)
        } else {
            at = digitsEnd(from: start, radix: 10, startsWithUnderscore: false)
        }
        let digits = scalars[digitsStart..<at].compactMap { $0 == "_" ? nil : UInt8($0.value) }
        guard digits.count <= 4300 || radix != 10, let value = BigInteger(digits: digits, radix: radix) else {
            throw failure("Exceeds the limit (4300 digits) for integer string conversion", at: start)
        }
        append(.integer(Value(value)), from: start)
    }

    /// Behind digits below `radix` with single underscores between them. (Radix 1: zeros.)
    private func digitsEnd(from start: Int, radix: Int, startsWithUnderscore: Bool) -> Int {
        var (place, end) = (start, start)
        if startsWithUnderscore, scalar(place) == "_" { place += 1 }
        while let digit = scalar(place), digit.isASCII,
            let value = BigInteger.digitValue(UInt8(digit.value)), value < radix
        {
            place += 1
            end = place
            if scalar(place) == "_" { place += 1 }
        }
        return end
    }

    /// Behind a number with a fraction or an exponent; nil if there is none.
    private func floatEnd(from start: Int) -> Int? {
        let wholeEnd = digitsEnd(from: start, radix: 10, startsWithUnderscore: false)
        var end = wholeEnd
        if scalar(end) == ".", let digit = scalar(end + 1), isASCIIDigit(digit) {
            end = digitsEnd(from: end + 1, radix: 10, startsWithUnderscore: false)
        }
        if scalar(end) == "e" || scalar(end) == "E" {
            var place = end + 1
            if scalar(place) == "+" || scalar(place) == "-" { place += 1 }
            if let digit = scalar(place), isASCIIDigit(digit) {
                end = digitsEnd(from: place, radix: 10, startsWithUnderscore: false)
            }
        }
        return end > wholeEnd ? end : nil
    }

    // MARK: Strings

    private mutating func lexString(_ quote: Unicode.Scalar) throws(TemplateError) {
        let start = at
        var end = at + 1
        while let scalar = scalar(end), scalar != quote { end += scalar == "\\" ? 2 : 1 }
        guard end < scalars.count else {
            throw failure("unexpected char \(PythonRepr.text(String(quote))) at \(start)", at: start)
        }
        append(.string(try unescaped(start + 1, end)), from: start)
        at = end + 1
    }

    private func unescaped(_ start: Int, _ end: Int) throws(TemplateError) -> String {
        var result = String.UnicodeScalarView()
        var place = start
        while place < end {
            let scalar = scalars[place]
            place += 1
            if scalar == "\\", place < end {
                try appendEscape(&place, end, to: &result)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// `place` stands behind the backslash.
    private func appendEscape(
        _ place: inout Int, _ end: Int, to result: inout String.UnicodeScalarView
    ) throws(TemplateError) {
        let kind = scalars[place]
        place += 1
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
                guard place < end, ("0"..."7").contains(scalars[place]) else { break }
                value = value * 8 + scalars[place].value - 0x30
                place += 1
            }
            result.append(Unicode.Scalar(value) ?? "\u{FFFD}")
        case "x": result.append(try hexadecimal(&place, end, 2, "\\xXX"))
        case "u": result.append(try hexadecimal(&place, end, 4, "\\uXXXX"))
        case "U": result.append(try hexadecimal(&place, end, 8, "\\UXXXXXXXX"))
        case "N": throw failure("\\N{...} escapes are not supported", at: place - 2)
        default:
            result.append("\\")
            if kind.isASCII {
                result.append(kind)
            } else {
                // The reference reads a non-ASCII character by way of its escape, whose backslash this one escapes.
                var escape: [UInt8] = []
                PythonRepr.appendEscape(kind.value, to: &escape)
                result.append(contentsOf: String(decoding: escape.dropFirst(), as: UTF8.self).unicodeScalars)
            }
        }
    }

    private func hexadecimal(
        _ place: inout Int, _ end: Int, _ count: Int, _ form: String
    ) throws(TemplateError) -> Unicode.Scalar {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard place < end, scalars[place].isASCII,
                let digit = BigInteger.digitValue(UInt8(scalars[place].value)), digit < 16
            else { throw failure("truncated \(form) escape", at: place) }
            value = value << 4 | UInt32(digit)
            place += 1
        }
        guard value <= 0x10FFFF else { throw failure("illegal Unicode character", at: place) }
        return Unicode.Scalar(value) ?? "\u{FFFD}"
    }
}
