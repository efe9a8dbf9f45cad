extension JSONParser {
    /// Python refuses to turn longer digit strings into integers.
    private static let pythonDigitLimit = 4300

    /// The number that begins at `at`.
    mutating func number() throws(JSONError) -> JSONValue {
        let start = at
        let isNegative = next == UInt8(ascii: "-")
        if isNegative {
            at += 1
            if options.acceptsPythonNumbers, next == UInt8(ascii: "I") {
                try word("Infinity")
                return .number(-.infinity)
            }
        }
        let digitsStart = at
        var mantissa: UInt64 = 0
        try digits(into: &mantissa)
        let integerDigits = at - digitsStart
        guard bytes[digitsStart] != UInt8(ascii: "0") || integerDigits == 1 else {
            throw failure("a number must not begin with 0", at: digitsStart)
        }
        var (fractionDigits, exponent) = (0, 0)
        var isInteger = true
        if next == UInt8(ascii: ".") {
            isInteger = false
            at += 1
            let fractionStart = at
            try digits(into: &mantissa)
            fractionDigits = at - fractionStart
        }
        if next | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            at += 1
            exponent = try exponentDigits()
        }
        if isInteger { return try integer(mantissa, isNegative, start: start, digits: integerDigits) }
        return try real(mantissa, isNegative, start, integerDigits + fractionDigits, exponent - fractionDigits)
    }

    /// Reads one digit or more; `value` wraps around beyond 19 digits and is not used then.
    private mutating func digits(into value: inout UInt64) throws(JSONError) {
        let start = at
        while at < bytes.count {
            let digit = bytes[at] &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            value = value &* 10 &+ UInt64(digit)
            at += 1
        }
        guard at > start else { throw failure("expected a digit") }
    }

    private mutating func exponentDigits() throws(JSONError) -> Int {
        let isNegative = next == UInt8(ascii: "-")
        if isNegative || next == UInt8(ascii: "+") { at += 1 }
        let start = at
        var value: UInt64 = 0
        try digits(into: &value)
        // An exponent this long leaves the exact path below; the text decides.
        let magnitude = at - start > 6 ? 1_000_000 : Int(value)
        return isNegative ? -magnitude : magnitude
    }

    private func integer(
        _ magnitude: UInt64, _ isNegative: Bool, start: Int, digits: Int
    ) throws(JSONError) -> JSONValue {
        if digits <= 19 {
            if magnitude <= UInt64(Int64.max) {
                return .integer(isNegative ? -Int64(magnitude) : Int64(magnitude))
            }
            if isNegative, magnitude == UInt64(Int64.max) + 1 { return .integer(.min) }
        }
        guard !options.acceptsPythonNumbers || digits <= Self.pythonDigitLimit else {
            throw failure("an integer of more than \(Self.pythonDigitLimit) digits", at: start)
        }
        return .bigInteger(String(decoding: bytes[start..<at], as: UTF8.self))
    }

    private func real(
        _ mantissa: UInt64, _ isNegative: Bool, _ start: Int, _ digits: Int, _ exponent: Int
    ) throws(JSONError) -> JSONValue {
        // Clinger's fast path: both operands are exact Doubles, so one rounding gives the nearest value.
        if digits <= 19, mantissa <= 1 << 53, abs(exponent) <= 22 {
            let power = powersOfTen[abs(exponent)]
            let value = exponent < 0 ? Double(mantissa) / power : Double(mantissa) * power
            return .number(isNegative ? -value : value)
        }
        guard let value = Double(String(decoding: bytes[start..<at], as: UTF8.self)) else {
            throw failure("not a number", at: start)
        }
        guard value.isFinite || options.acceptsPythonNumbers else {
            throw failure("the number is too large", at: start)
        }
        return .number(value)
    }
}

/// 10 to the power of 0 to 22: all that are exact.
private let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
]
