import JSON

/// The three ways in which Python lays out the digits of a finite magnitude.
enum FloatLayout {
    private static let zero = UInt8(ascii: "0")
    private static let dot = UInt8(ascii: ".")

    /// `f`: digits on both sides of the point.
    static func fixed(_ value: Double, _ precision: Int, _ alternate: Bool) -> [UInt8] {
        var text = FloatDigits.fixed(value, precision: precision)
        if alternate, precision == 0 { text.append(dot) }
        return text
    }

    /// `e`: one digit before the point and an exponent.
    static func scientific(_ value: Double, _ precision: Int, _ alternate: Bool) -> [UInt8] {
        let digits = FloatDigits(value, significant: precision + 1)
        return scientific(digits, alternate)
    }

    /// `g`: whichever of the two suits the size; zeros at the end go unless `alternate`.
    ///
    /// - Parameter addsPointZero: for a format without type, which shows a point in any case.
    static func general(_ value: Double, _ precision: Int, _ alternate: Bool, addsPointZero: Bool) -> [UInt8] {
        let precision = max(precision, 1)
        var digits = FloatDigits(value, significant: precision)
        if !alternate {
            while digits.digits.count > 1, digits.digits.last == zero { digits.digits.removeLast() }
        }
        let usesExponent = digits.point <= -4 || digits.point > precision - (addsPointZero ? 1 : 0)
        return usesExponent ? scientific(digits, alternate) : positional(digits, alternate, addsPointZero)
    }

    /// The shortest digits that read back, as `repr`.
    static func shortest(_ value: Double, _ alternate: Bool) -> [UInt8] {
        let digits = FloatDigits(shortest: value)
        let usesExponent = digits.point <= -4 || digits.point > 16
        return usesExponent ? scientific(digits, alternate) : positional(digits, alternate, true)
    }

    private static func scientific(_ digits: FloatDigits, _ alternate: Bool) -> [UInt8] {
        var text = [digits.digits.first ?? zero]
        if digits.digits.count > 1 || alternate {
            text.append(dot)
            text += digits.digits.dropFirst()
        }
        let exponent = digits.point - 1
        text.append(UInt8(ascii: "e"))
        text.append(UInt8(ascii: exponent < 0 ? "-" : "+"))
        if abs(exponent) < 10 { text.append(zero) }
        text.append(decimal: abs(exponent))
        return text
    }

    private static func positional(_ digits: FloatDigits, _ alternate: Bool, _ addsPointZero: Bool) -> [UInt8] {
        var (whole, fraction): ([UInt8], [UInt8])
        if digits.point <= 0 {
            whole = [zero]
            fraction = Array(repeating: zero, count: -digits.point) + digits.digits
        } else if digits.point >= digits.digits.count {
            whole = digits.digits + Array(repeating: zero, count: digits.point - digits.digits.count)
            fraction = []
        } else {
            whole = Array(digits.digits[..<digits.point])
            fraction = Array(digits.digits[digits.point...])
        }
        if fraction.isEmpty {
            if addsPointZero { fraction = [zero] } else if !alternate { return whole }
        }
        whole.append(dot)
        return whole + fraction
    }
}
