/// A literal.
enum Constant: Sendable {
    case none
    case bool(Bool)
    case integer(Int)
    case bigInteger(BigInteger)
    case float(Double)
    case string(String)

    var value: Value {
        switch self {
        case .none: .none
        case .bool(let value): .bool(value)
        case .integer(let value): .integer(value)
        case .bigInteger(let value): .bigInteger(value)
        case .float(let value): .float(value)
        case .string(let value): .string(value)
        }
    }
}
