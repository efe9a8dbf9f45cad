/// A value as a number: what arithmetic works on.
enum PythonNumber {
    case integer(Int)
    case bigInteger(BigInteger)
    case float(Double)

    /// Nil when the value is no number; a boolean is one.
    init?(_ value: Value) {
        switch value {
        case .integer(let value): self = .integer(value)
        case .bool(let value): self = .integer(value ? 1 : 0)
        case .bigInteger(let value): self = .bigInteger(value)
        case .float(let value): self = .float(value)
        default: return nil
        }
    }

    /// An integer as a big one; floats lose their fraction.
    var big: BigInteger {
        switch self {
        case .integer(let value): BigInteger(value)
        case .bigInteger(let value): value
        case .float(let value): BigInteger(truncating: value)
        }
    }

    /// The nearest Double. Throws an overflow for an integer beyond its range.
    func double() throws(TemplateError) -> Double {
        switch self {
        case .integer(let value): return Double(value)
        case .float(let value): return value
        case .bigInteger(let value):
            let double = value.double
            guard double.isFinite else { throw .overflow("int too large to convert to float") }
            return double
        }
    }

    var isZero: Bool {
        switch self {
        case .integer(let value): value == 0
        case .bigInteger: false
        case .float(let value): value == 0
        }
    }
}
