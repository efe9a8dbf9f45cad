import JSON

/// `int`, `bool` and `float`.
enum NumberMethods {
    static func attribute(_ name: String, of value: Value) throws(TemplateError) -> Value? {
        let number: Value = if case .bool(let isOne) = value { .integer(isOne ? 1 : 0) } else { value }
        switch (name, number) {
        case ("real", _): return number
        case ("imag", .float): return .float(0)
        case ("imag", _): return .integer(0)
        case ("conjugate", _): return method(name, value) { number }
        case (_, .float(let double)): return float(name, double, value)
        default: return integer(name, PythonNumber(number)?.big ?? BigInteger(0), number, value)
        }
    }

    private static func method(_ name: String, _ receiver: Value, _ result: @escaping () throws(TemplateError) -> Value)
        -> Value
    {
        MethodTable.bound(name, receiver) { arguments, _ throws(TemplateError) in
            try arguments.expectNone("\(receiver.typeName).\(name)")
            return try result()
        }
    }

    private static func integer(_ name: String, _ big: BigInteger, _ number: Value, _ receiver: Value) -> Value? {
        switch name {
        case "numerator": number
        case "denominator": .integer(1)
        case "bit_length": method(name, receiver) { .integer(big.bitWidth) }
        case "bit_count":
            method(name, receiver) { .integer(big.limbs.reduce(0) { $0 + $1.nonzeroBitCount }) }
        case "as_integer_ratio":
            method(name, receiver) { () throws(TemplateError) in try .makeTuple([number, .integer(1)]) }
        default: nil
        }
    }

    private static func float(_ name: String, _ double: Double, _ receiver: Value) -> Value? {
        switch name {
        case "is_integer":
            method(name, receiver) { .bool(double.isFinite && double == double.rounded(.towardZero)) }
        case "as_integer_ratio":
            method(name, receiver) { () throws(TemplateError) in try integerRatio(double) }
        case "hex": method(name, receiver) { .string(hexadecimal(double)) }
        default: nil
        }
    }

    private static func integerRatio(_ double: Double) throws(TemplateError) -> Value {
        guard double.isFinite else {
            throw double.isNaN
                ? .value("cannot convert NaN to integer ratio") : .overflow("cannot convert Infinity to integer ratio")
        }
        guard double != 0 else { return try .makeTuple([.integer(0), .integer(1)]) }
        let shift = Int(double.exponent) - double.significandWidth
        let odd = BigInteger(truncating: Double(sign: .plus, exponent: -shift, significand: double.magnitude))
        let numerator = shift > 0 ? odd.shiftedLeft(shift) : odd
        let denominator = shift < 0 ? BigInteger(1).shiftedLeft(-shift) : BigInteger(1)
        return try .makeTuple([Value(double < 0 ? numerator.negated : numerator), Value(denominator)])
    }

    private static func hexadecimal(_ double: Double) -> String {
        let sign = double.sign == .minus ? "-" : ""
        guard double.isFinite else { return double.isNaN ? "nan" : sign + "inf" }
        guard double != 0 else { return sign + "0x0.0p+0" }
        let digits = String(double.magnitude.significandBitPattern, radix: 16)
        let padding = String(repeating: "0", count: 13 - digits.utf8.count)
        let exponent = double.isNormal ? Int(double.exponent) : -1022
        return "\(sign)0x\(double.isNormal ? 1 : 0).\(padding)\(digits)p\(exponent < 0 ? "" : "+")\(exponent)"
    }
}
