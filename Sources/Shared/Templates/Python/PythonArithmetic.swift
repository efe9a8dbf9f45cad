import Glibc

/// Python's arithmetic: exact on integers, IEEE on floats.
enum PythonArithmetic {
    /// Integers of more bits are refused. (Python prints none of more than 4,300 digits, about 14,300 bits.)
    static let bitLimit = 1 << 14

    static func add(_ left: PythonNumber, _ right: PythonNumber) throws(TemplateError) -> Value {
        if case .integer(let left) = left, case .integer(let right) = right {
            let (sum, overflow) = left.addingReportingOverflow(right)
            if !overflow { return .integer(sum) }
        }
        if let (left, right) = try doubles(left, right) { return .float(left + right) }
        return try checked(left.big + right.big)
    }

    static func subtract(_ left: PythonNumber, _ right: PythonNumber) throws(TemplateError) -> Value {
        if case .integer(let left) = left, case .integer(let right) = right {
            let (difference, overflow) = left.subtractingReportingOverflow(right)
            if !overflow { return .integer(difference) }
        }
        if let (left, right) = try doubles(left, right) { return .float(left - right) }
        return try checked(left.big - right.big)
    }

    static func multiply(_ left: PythonNumber, _ right: PythonNumber) throws(TemplateError) -> Value {
        if case .integer(let left) = left, case .integer(let right) = right {
            let (product, overflow) = left.multipliedReportingOverflow(by: right)
            if !overflow { return .integer(product) }
        }
        if let (left, right) = try doubles(left, right) { return .float(left * right) }
        return try checked(left.big * right.big)
    }

    /// `/`, correctly rounded for integers of any size.
    static func divide(_ left: PythonNumber, _ right: PythonNumber) throws(TemplateError) -> Value {
        if let (left, right) = try doubles(left, right) {
            guard right != 0 else { throw .division("float division by zero") }
            return .float(left / right)
        }
        guard !right.isZero else { throw .division("division by zero") }
        if case .integer(let left) = left, case .integer(let right) = right,
            left.magnitude <= 1 << 53, right.magnitude <= 1 << 53
        {
            return .float(Double(left) / Double(right))
        }
        return .float(try quotient(left.big, right.big))
    }

    /// The nearest Double to an exact quotient: 66 bits of it, the last one set if anything is below, rounded once.
    private static func quotient(_ left: BigInteger, _ right: BigInteger) throws(TemplateError) -> Double {
        let shift = right.bitWidth - left.bitWidth + 66
        let numerator = shift > 0 ? left.shiftedLeft(shift) : left.magnitude
        let denominator = shift < 0 ? right.shiftedLeft(-shift) : right.magnitude
        var (bits, remainder) = numerator.flooredDivision(by: denominator)
        if !remainder.isZero { bits = bits.shiftedLeft(1) + BigInteger(1) } else { bits = bits.shiftedLeft(1) }
        // Below the normal range the scaling would round a second time; shed the bits that are lost first.
        var exponent = -(shift + 1)
        let lost = -1074 - exponent - 2
        if lost > 0 {
            let kept = bits.shiftedRight(lost)
            bits = kept.shiftedLeft(lost) == bits ? kept.shiftedLeft(1) : kept.shiftedLeft(1) + BigInteger(1)
            exponent += lost - 1
        }
        let value = scalbn(bits.double, Int32(clamping: exponent))
        guard value.isFinite else { throw .overflow("integer division result too large for a float") }
        return left.isNegative != right.isNegative ? -value : value
    }

    /// `//` and `%`, towards minus infinity.
    static func dividedFloored(
        _ left: PythonNumber, _ right: PythonNumber, _ symbol: String
    ) throws(TemplateError) -> (quotient: Value, remainder: Value) {
        if let (left, right) = try doubles(left, right) {
            guard right != 0 else {
                throw .division(symbol == "%" ? "float modulo" : "float floor division by zero")
            }
            let (quotient, remainder) = dividedFloored(left, right)
            return (.float(quotient), .float(remainder))
        }
        guard !right.isZero else { throw .division("integer division or modulo by zero") }
        if case .integer(let left) = left, case .integer(let right) = right, right != -1 {
            var (quotient, remainder) = left.quotientAndRemainder(dividingBy: right)
            if remainder != 0, (remainder < 0) != (right < 0) {
                quotient -= 1
                remainder += right
            }
            return (.integer(quotient), .integer(remainder))
        }
        let (quotient, remainder) = left.big.flooredDivision(by: right.big)
        return (Value(quotient), Value(remainder))
    }

    /// As CPython's `float_divmod`, signed zeros included.
    private static func dividedFloored(_ left: Double, _ right: Double) -> (Double, Double) {
        var remainder = fmod(left, right)
        var division = (left - remainder) / right
        if remainder != 0 {
            if (right < 0) != (remainder < 0) {
                remainder += right
                division -= 1
            }
        } else {
            remainder = copysign(0, right)
        }
        guard division != 0 else { return (copysign(0, left / right), remainder) }
        var floored = floor(division)
        if division - floored > 0.5 { floored += 1 }
        return (floored, remainder)
    }

    static func power(_ base: PythonNumber, _ exponent: PythonNumber) throws(TemplateError) -> Value {
        if try doubles(base, exponent) == nil {
            if case .integer(let exponent) = exponent, exponent >= 0 { return try power(base, exponent) }
            if case .bigInteger(let big) = exponent, !big.isNegative {
                if let base = base.big.small, (-1...1).contains(base) {
                    return .integer(base == -1 && big.limbs[0] & 1 == 0 ? 1 : base)
                }
                throw .limit("the power is too large")
            }
        }
        let (base, exponent) = (try base.double(), try exponent.double())
        if base == 0, exponent < 0 { throw .division("0.0 cannot be raised to a negative power") }
        if base < 0, base.isFinite, exponent.isFinite, exponent != exponent.rounded() {
            throw .value("complex numbers are not supported")
        }
        let value = pow(base, exponent)
        if value.isInfinite, base.isFinite, exponent.isFinite {
            throw .overflow("(34, 'Numerical result out of range')")
        }
        return .float(value)
    }

    private static func power(_ base: PythonNumber, _ exponent: Int) throws(TemplateError) -> Value {
        let big = base.big
        if let base = big.small, (-1...1).contains(base) {
            return .integer(exponent == 0 ? 1 : base == -1 && exponent % 2 == 0 ? 1 : base)
        }
        guard (big.bitWidth - 1).multipliedReportingOverflow(by: exponent).partialValue <= bitLimit,
            exponent <= bitLimit
        else { throw .limit("the power is too large") }
        return try checked(big.power(exponent))
    }

    static func negate(_ number: PythonNumber) -> Value {
        switch number {
        case .integer(let value): value == .min ? Value(BigInteger(value).negated) : .integer(-value)
        case .bigInteger(let value): Value(value.negated)
        case .float(let value): .float(-value)
        }
    }

    /// Both as floats when at least one of them is a float.
    private static func doubles(
        _ left: PythonNumber, _ right: PythonNumber
    ) throws(TemplateError) -> (Double, Double)? {
        switch (left, right) {
        case (.float, _), (_, .float): (try left.double(), try right.double())
        default: nil
        }
    }

    private static func checked(_ big: BigInteger) throws(TemplateError) -> Value {
        guard big.bitWidth <= bitLimit else { throw .limit("the integer is too large") }
        return Value(big)
    }
}
