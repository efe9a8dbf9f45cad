// Rounding is a call into libm, which this import links.
import Glibc
package import JSON
package import Workflow

/// The text of a rendered expression as a value of the column's type, by Python's rules: `float(text)`, then `int`.
package enum ExpressionText {
    package static func convert(
        _ text: String, to type: ExpressionColumn.DataType
    ) throws(ComputationError) -> JSONValue {
        switch type {
        case .string: return .string(text)
        case .number:
            guard let value = number(text) else { throw notNumber(text) }
            return .number(value)
        case .integer:
            guard let value = number(text) else { throw notNumber(text) }
            guard let integer = integer(value) else {
                throw ComputationError(message: "\(text.prefix(40)) is not a whole number")
            }
            return integer
        case .boolean:
            guard let value = number(text), !value.isNaN else { return .bool(text.lowercased() == "true") }
            guard value.isFinite else {
                throw ComputationError(message: "\(text.prefix(40)) is neither true nor false")
            }
            return .bool(abs(value) >= 1)
        }
    }

    private static func notNumber(_ text: String) -> ComputationError {
        ComputationError(message: "\(text.prefix(40)) is not a number")
    }

    /// Truncated towards zero, exactly; nil for infinity and NaN.
    private static func integer(_ value: Double) -> JSONValue? {
        guard value.isFinite else { return nil }
        let whole = value.rounded(.towardZero)
        if let small = Int64(exactly: whole) { return .integer(small) }
        // A Double of this size is a whole number, whose digits a wide integer has exactly.
        var digits: [UInt8] = []
        var rest = whole.magnitude.significandBitPattern | 1 << 52
        var words: [UInt32] = []
        while rest > 0 {
            words.append(UInt32(truncatingIfNeeded: rest))
            rest >>= 32
        }
        for _ in 0..<(Int(whole.exponent) - 52) { double(&words) }
        while words.contains(where: { $0 != 0 }) { digits.append(UInt8(divideByTen(&words)) + UInt8(ascii: "0")) }
        let text = String(decoding: digits.reversed(), as: UTF8.self)
        return .bigInteger(whole < 0 ? "-\(text)" : text)
    }

    private static func double(_ words: inout [UInt32]) {
        var carry: UInt32 = 0
        for place in words.indices {
            let next = words[place] >> 31
            words[place] = words[place] << 1 | carry
            carry = next
        }
        if carry > 0 { words.append(carry) }
    }

    private static func divideByTen(_ words: inout [UInt32]) -> UInt32 {
        var rest: UInt64 = 0
        for place in words.indices.reversed() {
            let value = rest << 32 | UInt64(words[place])
            words[place] = UInt32(value / 10)
            rest = value % 10
        }
        return UInt32(rest)
    }

    /// As Python's `float` reads a text; nil where that raises ValueError.
    static func number(_ text: String) -> Double? {
        var digits = text[...]
        while let first = digits.first, first.isWhitespace { digits.removeFirst() }
        while let last = digits.last, last.isWhitespace { digits.removeLast() }
        let body = digits.first == "-" || digits.first == "+" ? digits.dropFirst() : digits
        switch body.lowercased() {
        case "inf", "infinity": return digits.first == "-" ? -.infinity : .infinity
        case "nan": return .nan
        default: break
        }
        var plain: [UInt8] = []
        var former: UInt8 = 0
        for byte in digits.utf8 {
            switch byte {
            case UInt8(ascii: "_"):
                // Only between two digits.
                guard isDigit(former) else { return nil }
            case UInt8(ascii: "0")...UInt8(ascii: "9"): plain.append(byte)
            case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "+"), UInt8(ascii: "-"):
                guard former != UInt8(ascii: "_") else { return nil }
                plain.append(byte)
            default: return nil
            }
            former = byte
        }
        guard former != UInt8(ascii: "_"), plain.contains(where: isDigit) else { return nil }
        return Double(padded(plain))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    /// With a digit on both sides of the point, which Swift wants and Python does not.
    private static func padded(_ bytes: [UInt8]) -> String {
        guard let point = bytes.firstIndex(of: UInt8(ascii: ".")) else { return String(decoding: bytes, as: UTF8.self) }
        var padded = bytes
        let hasAfter = point + 1 < bytes.count && isDigit(bytes[point + 1])
        let hasBefore = point > 0 && isDigit(bytes[point - 1])
        guard hasAfter || hasBefore else { return "" }
        if !hasAfter { padded.insert(UInt8(ascii: "0"), at: point + 1) }
        if !hasBefore { padded.insert(UInt8(ascii: "0"), at: point) }
        return String(decoding: padded, as: UTF8.self)
    }
}
