import JSON

/// A number as digits and a power of ten, exact: what `multipleOf` and decimal texts need.
struct SchemaDecimal: Hashable, Sendable {
    let isNegative: Bool
    /// Without zeros at either end; empty for 0.
    let digits: [UInt8]
    /// The value is the integer that the digits spell, times ten to the power of this.
    let exponent: Int

    /// Nil for what is no finite number.
    init?(_ value: JSONValue) {
        switch value {
        case .integer(let integer):
            self.init(isNegative: integer < 0, digits: Array("\(integer.magnitude)".utf8), exponent: 0)
        case .bigInteger(let text): self.init(text: text)
        case .number(let number):
            guard number.isFinite else { return nil }
            guard number != 0 else {
                self.init(isNegative: false, digits: [], exponent: 0)
                return
            }
            let (digits, point) = PythonFloat.shortestDigits(number.magnitude)
            self.init(
                isNegative: number < 0, digits: digits.map { $0 > 9 ? $0 : $0 + 0x30 }, exponent: point - digits.count)
        default: return nil
        }
    }

    /// A decimal text: sign, digits, a point, an exponent. Nil for anything else.
    init?(text: String) {
        var rest = Substring(text.filter { !$0.isWhitespace }).utf8
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        var digits: [UInt8] = []
        var exponent = 0
        var sawPoint = false
        while let byte = rest.first {
            if byte >= 0x30, byte <= 0x39 {
                digits.append(byte)
                exponent -= sawPoint ? 1 : 0
            } else if byte == UInt8(ascii: "."), !sawPoint {
                sawPoint = true
            } else {
                break
            }
            rest.removeFirst()
        }
        guard !digits.isEmpty else { return nil }
        if let mark = rest.first {
            guard mark | 0x20 == UInt8(ascii: "e"), let power = Int(String(rest.dropFirst()) ?? ""),
                abs(power) < 100_000
            else { return nil }
            exponent += power
        }
        self.init(isNegative: isNegative, digits: digits, exponent: exponent)
    }

    private init(isNegative: Bool, digits: [UInt8], exponent: Int) {
        var digits = digits[...]
        var exponent = exponent
        while digits.last == 0x30 {
            digits.removeLast()
            exponent += 1
        }
        while digits.first == 0x30 { digits.removeFirst() }
        self.isNegative = isNegative && !digits.isEmpty
        self.digits = Array(digits)
        self.exponent = digits.isEmpty ? 0 : exponent
    }

    var isZero: Bool { digits.isEmpty }

    /// Whether this is a whole multiple of a step, which must be above 0 and have at most 18 digits (a Double has 17).
    func isMultiple(of step: SchemaDecimal) -> Bool {
        if isZero { return true }
        // Neither has a zero at its end: with a coarser step a multiple would have one.
        guard exponent >= step.exponent else { return false }
        guard step.digits.count <= 18, let modulus = UInt64(String(decoding: step.digits, as: UTF8.self)) else {
            return self == step
        }
        var rest: UInt64 = 0
        for digit in digits { rest = Self.push(UInt64(digit - 0x30), rest, modulus) }
        for _ in 0..<min(exponent - step.exponent, 2000) where rest != 0 { rest = Self.push(0, rest, modulus) }
        return rest == 0
    }

    private static func push(_ digit: UInt64, _ rest: UInt64, _ modulus: UInt64) -> UInt64 {
        let (high, low) = rest.multipliedFullWidth(by: 10)
        let (sum, overflow) = low.addingReportingOverflow(digit)
        return modulus.dividingFullWidth((high + (overflow ? 1 : 0), sum)).remainder
    }

    /// Rounded half away from zero to so many decimal places (all of them without a bound), as the nearest Double.
    func rounded(places: Int?) -> Double? {
        var digits = digits
        var exponent = exponent
        if let places, -exponent > places {
            let dropped = -exponent - places
            let isUp = dropped <= digits.count && digits[digits.count - dropped] >= 0x35
            digits.removeLast(min(dropped, digits.count))
            exponent = -places
            if isUp { Self.increment(&digits) }
        }
        let text = digits.isEmpty ? "0" : String(decoding: digits, as: UTF8.self)
        return Double("\(isNegative ? "-" : "")\(text)e\(exponent)")
    }

    private static func increment(_ digits: inout [UInt8]) {
        for place in digits.indices.reversed() {
            if digits[place] < 0x39 {
                digits[place] += 1
                return
            }
            digits[place] = 0x30
        }
        digits.insert(0x31, at: 0)
    }
}

/// JSON values as JSON Schema compares them: `1` and `1.0` are one number; `true` is none.
enum SchemaEquality {
    static func areEqual(_ left: JSONValue, _ right: JSONValue) -> Bool {
        switch (left, right) {
        case (.integer(let left), .number(let right)): right == Double(left) && Int64(exactly: right) == left
        case (.number(let left), .integer(let right)): left == Double(right) && Int64(exactly: left) == right
        case (.bigInteger, .number), (.number, .bigInteger): compare(left, right) == 0
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { areEqual($0, $1) }
        case (.object(let left), .object(let right)):
            left.count == right.count
                && left.allSatisfy { key, value in right[key].map { areEqual(value, $0) } ?? false }
        default: left == right
        }
    }

    /// Below 0, 0, or above 0; nil where one is no number.
    static func compare(_ left: JSONValue, _ right: JSONValue) -> Int? {
        if case .integer(let left) = left, case .integer(let right) = right {
            return left < right ? -1 : left == right ? 0 : 1
        }
        if case .number(let left) = left, case .number(let right) = right {
            return left < right ? -1 : left == right ? 0 : 1
        }
        guard let leftValue = left.doubleValue, let rightValue = right.doubleValue else { return nil }
        if leftValue != rightValue { return leftValue < rightValue ? -1 : 1 }
        // Equal as Doubles; their digits tell.
        guard let leftDigits = SchemaDecimal(left), let rightDigits = SchemaDecimal(right) else { return 0 }
        if leftDigits == rightDigits { return 0 }
        let width = max(leftDigits.digits.count + leftDigits.exponent, rightDigits.digits.count + rightDigits.exponent)
        func aligned(_ value: SchemaDecimal) -> [UInt8] {
            Array(repeating: 0x30, count: max(0, width - value.digits.count - value.exponent)) + value.digits
        }
        let isLess = aligned(leftDigits).lexicographicallyPrecedes(aligned(rightDigits))
        return isLess != leftDigits.isNegative ? -1 : 1
    }

    /// The place of an element that an earlier one equals.
    static func firstRepeat(in elements: [JSONValue]) -> Int? {
        if elements.count < 12 {
            for place in elements.indices.dropFirst()
            where elements[..<place].contains(where: { areEqual($0, elements[place]) }) {
                return place
            }
            return nil
        }
        var seen: Set<JSONValue> = []
        for (place, element) in elements.enumerated() where !seen.insert(normalized(element)).inserted { return place }
        return nil
    }

    /// Equal values become identical ones.
    private static func normalized(_ value: JSONValue) -> JSONValue {
        switch value {
        case .number(let number): Int64(exactly: number).map { .integer($0) } ?? value
        case .array(let elements): .array(elements.map(normalized))
        case .object(let object): .object(object.mapValues(normalized))
        default: value
        }
    }
}
