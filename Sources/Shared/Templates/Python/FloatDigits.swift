import Glibc
import JSON

/// The decimal digits of a float, correctly rounded from its exact value.
struct FloatDigits {
    /// Without the decimal point; the first one is not 0 unless the value is.
    var digits: [UInt8]
    /// The value is 0.digits times ten to the power of `point`.
    var point: Int

    /// `count` significant digits of a finite magnitude, at least 1.
    init(_ value: Double, significant count: Int) {
        // d.ddde±xx
        let text = Self.printed(value, precision: count - 1, scientific: true)
        digits = []
        var exponent = 0
        if let mark = text.firstIndex(of: UInt8(ascii: "e")) {
            digits = text[..<mark].filter { $0 != UInt8(ascii: ".") }
            exponent = Int(String(decoding: text[(mark + 1)...], as: UTF8.self)) ?? 0
        }
        point = value == 0 ? 1 : exponent + 1
    }

    /// The shortest digits that read back as the same finite magnitude.
    init(shortest value: Double) {
        if value == 0 {
            (digits, point) = ([UInt8(ascii: "0")], 1)
        } else {
            (digits, point) = PythonFloat.shortestDigits(value)
        }
    }

    /// A finite magnitude with `precision` digits behind the point, as `%.*f`.
    static func fixed(_ value: Double, precision: Int) -> [UInt8] {
        printed(value, precision: precision, scientific: false)
    }

    /// The C library prints exact expansions, rounded half to even like Python's own.
    private static func printed(_ value: Double, precision: Int, scientific: Bool) -> [UInt8] {
        withVaList([Int32(clamping: precision), value]) { arguments in
            var buffer = [CChar](repeating: 0, count: precision + 350)
            let length = vsnprintf(&buffer, buffer.count, scientific ? "%.*e" : "%.*f", arguments)
            return buffer[..<Int(length)].map { UInt8(bitPattern: $0) }
        }
    }
}

extension FloatDigits {
    /// `round(value, places)` as Python rounds: half to even on the exact decimal value. Nil: beyond a Double.
    static func rounded(_ value: Double, places: Int) -> Double? {
        guard value.isFinite, value != 0 else { return value }
        // With this many places nothing is cut off; with this few nothing is left.
        if places > 325 { return value }
        if places < -309 { return value.sign == .minus ? -0.0 : 0 }
        let magnitude = value.magnitude
        var text: String
        if places >= 0 {
            text = String(decoding: fixed(magnitude, precision: places), as: UTF8.self)
        } else {
            text = String(decoding: roundedWhole(magnitude, zeros: -places), as: UTF8.self)
        }
        if text.isEmpty { text = "0" }
        guard let result = Double(text), result.isFinite else { return nil }
        return value < 0 ? -result : result
    }

    /// The exact whole digits of `magnitude`, the last `zeros` of them rounded away.
    private static func roundedWhole(_ magnitude: Double, zeros: Int) -> [UInt8] {
        let whole = BigInteger(truncating: magnitude)
        let unit = BigInteger(10).power(zeros)
        let (quotient, remainder) = whole.flooredDivision(by: unit)
        let doubled = remainder + remainder
        let hasFraction = magnitude != magnitude.rounded(.towardZero)
        let isUp = doubled > unit || doubled == unit && (hasFraction || (quotient.limbs.first ?? 0) & 1 == 1)
        return Array(((isUp ? quotient + BigInteger(1) : quotient) * unit).text().utf8)
    }
}
