/// Python's readings of texts as numbers.
enum PythonNumberParsing {
    /// `int(text, base)`; nil where Python raises a value error.
    static func integer(_ text: String, base: Int = 10) -> Value? {
        guard var digits = asciiDigits(text)[...].nonEmpty else { return nil }
        var isNegative = false
        if digits.first == UInt8(ascii: "-") || digits.first == UInt8(ascii: "+") {
            isNegative = digits.removeFirst() == UInt8(ascii: "-")
        }
        var base = base
        if digits.count > 1, digits[digits.startIndex] == UInt8(ascii: "0") {
            let prefixed: Int? =
                switch digits[digits.startIndex + 1] | 0x20 {
                case UInt8(ascii: "b"): 2
                case UInt8(ascii: "o"): 8
                case UInt8(ascii: "x"): 16
                default: nil
                }
            if let prefixed, base == 0 || base == prefixed {
                base = prefixed
                digits = digits.dropFirst(2)
                if digits.first == UInt8(ascii: "_") { digits.removeFirst() }
            } else if base == 0, digits.contains(where: { $0 != UInt8(ascii: "0") && $0 != UInt8(ascii: "_") }) {
                return nil
            }
        }
        if base == 0 { base = 10 }
        guard let plain = withoutUnderscores(digits) else { return nil }
        // Only powers of two are read without bound.
        if base & (base - 1) != 0, plain.count > 4300 { return nil }
        return BigInteger(digits: plain, radix: base, isNegative: isNegative).map(Value.init)
    }

    /// An integer as it is written in a program: no sign, no space, no leading zeros.
    static func integerLiteral(_ text: String) -> Value? {
        guard let first = text.utf8.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return nil }
        return integer(text, base: 0)
    }

    /// `float(text)`; nil where Python raises a value error.
    static func float(_ text: String) -> Double? {
        let characters = asciiDigits(text)
        guard !characters.isEmpty else { return nil }
        var body = characters[...]
        if body.first == UInt8(ascii: "-") || body.first == UInt8(ascii: "+") { body.removeFirst() }
        switch PythonCase.lower(String(decoding: body, as: UTF8.self)) {
        case "inf", "infinity": return characters.first == UInt8(ascii: "-") ? -.infinity : .infinity
        case "nan": return .nan
        default: break
        }
        guard isDecimal(body) else { return nil }
        return Double(String(decoding: characters.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self))
    }

    /// Digits with a point and an exponent, and underscores between digits only.
    private static func isDecimal(_ body: ArraySlice<UInt8>) -> Bool {
        var (digits, hasPoint, hasExponent) = (0, false, false)
        var previous: UInt8 = 0
        for byte in body {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
            case UInt8(ascii: "_"):
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(previous) else { return false }
            case UInt8(ascii: "."):
                guard !hasPoint, !hasExponent, previous != UInt8(ascii: "_") else { return false }
                hasPoint = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                guard !hasExponent, digits > 0, previous != UInt8(ascii: "_") else { return false }
                (hasExponent, digits) = (true, 0)
            case UInt8(ascii: "+"), UInt8(ascii: "-"):
                guard previous | 0x20 == UInt8(ascii: "e") else { return false }
            default: return false
            }
            if previous == UInt8(ascii: "_"), !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { return false }
            previous = byte
        }
        return digits > 0 && previous != UInt8(ascii: "_")
    }

    /// The text without white space at its ends, digits of all scripts as ASCII; empty if it has other characters.
    private static func asciiDigits(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for scalar in PythonStrings.strip(text, nil, .both).unicodeScalars {
            if scalar.isASCII {
                bytes.append(UInt8(scalar.value))
            } else if let digit = PythonCharacters.decimalValue(scalar) {
                bytes.append(UInt8(ascii: "0") + UInt8(digit))
            } else {
                return []
            }
        }
        return bytes
    }

    private static func withoutUnderscores(_ digits: ArraySlice<UInt8>) -> [UInt8]? {
        var plain: [UInt8] = []
        var previous = UInt8(ascii: "_")
        for byte in digits {
            if byte == UInt8(ascii: "_") {
                guard previous != UInt8(ascii: "_") else { return nil }
            } else {
                plain.append(byte)
            }
            previous = byte
        }
        return previous == UInt8(ascii: "_") ? nil : plain
    }
}

extension ArraySlice {
    fileprivate var nonEmpty: ArraySlice? { isEmpty ? nil : self }
}
