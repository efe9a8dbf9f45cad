// Rounding a Double is a call into libm, which this import links.
import Glibc

/// Doubles printed as Python's `repr` prints them: the shortest digits that read back as the same number.
package enum PythonFloat {
    /// `4.0`, `0.1`, `1e+22`, `1e-07`, `inf`, `-inf`, `nan`.
    package static func repr(_ value: Double) -> String {
        var bytes: [UInt8] = []
        append(value, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends `repr(value)`.
    package static func append(_ value: Double, to bytes: inout [UInt8]) {
        guard value.isFinite else {
            bytes.append(text: value.isNaN ? "nan" : value < 0 ? "-inf" : "inf")
            return
        }
        if value.sign == .minus { bytes.append(UInt8(ascii: "-")) }
        let magnitude = value.magnitude
        if magnitude < 1e15, magnitude == magnitude.rounded(.towardZero) {
            bytes.append(decimal: Int64(magnitude))
            bytes.append(text: ".0")
            return
        }
        let (digits, point) = shortestDigits(magnitude)
        if point > -4, point <= 16 {
            appendPositional(digits, point, to: &bytes)
        } else {
            appendScientific(digits, point - 1, to: &bytes)
        }
    }

    /// The shortest digits of a finite value above 0, without zeros at either end, and the place of the decimal point:
    /// the value is 0.digits times ten to the power of `point`.
    package static func shortestDigits(_ value: Double) -> (digits: [UInt8], point: Int) {
        var digits: [UInt8] = []
        var exponent = 0
        var point: Int?
        var isExponent = false
        var exponentIsNegative = false
        // Swift prints the shortest digits too, as 123.45 or 1.2345e-05.
        for byte in value.description.utf8 {
            switch byte {
            case UInt8(ascii: "."): point = digits.count
            case UInt8(ascii: "e"): isExponent = true
            case UInt8(ascii: "-"): exponentIsNegative = true
            case UInt8(ascii: "+"): break
            default:
                if isExponent {
                    exponent = exponent * 10 + Int(byte - UInt8(ascii: "0"))
                } else {
                    digits.append(byte)
                }
            }
        }
        var place = (point ?? digits.count) + (exponentIsNegative ? -exponent : exponent)
        let leadingZeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeFirst(leadingZeros)
        place -= leadingZeros
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return (digits, place)
    }

    private static func appendPositional(_ digits: [UInt8], _ point: Int, to bytes: inout [UInt8]) {
        let zero = UInt8(ascii: "0")
        if point <= 0 {
            bytes.append(text: "0.")
            bytes.append(contentsOf: repeatElement(zero, count: -point))
            bytes.append(contentsOf: digits)
        } else if point >= digits.count {
            bytes.append(contentsOf: digits)
            bytes.append(contentsOf: repeatElement(zero, count: point - digits.count))
            bytes.append(text: ".0")
        } else {
            bytes.append(contentsOf: digits[..<point])
            bytes.append(UInt8(ascii: "."))
            bytes.append(contentsOf: digits[point...])
        }
    }

    private static func appendScientific(_ digits: [UInt8], _ exponent: Int, to bytes: inout [UInt8]) {
        bytes.append(digits[0])
        if digits.count > 1 {
            bytes.append(UInt8(ascii: "."))
            bytes.append(contentsOf: digits[1...])
        }
        bytes.append(text: exponent < 0 ? "e-" : "e+")
        if abs(exponent) < 10 { bytes.append(UInt8(ascii: "0")) }
        bytes.append(decimal: abs(exponent))
    }
}
