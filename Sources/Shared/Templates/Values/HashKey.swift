import JSON

/// A value as a dictionary's key or a set's member: equal where Python calls the values equal, so `1`, `1.0` and `True`
/// are one key.
enum HashKey: Hashable {
    case none
    case integer(Int)
    case bigInteger(BigInteger)
    case float(Double)
    case string(ExactString)
    case bytes([UInt8])
    case tuple([HashKey])
    case object(ObjectIdentifier)
    case undefined

    init(_ value: Value, _ meter: WorkMeter) throws(TemplateError) {
        switch value {
        case .none: self = .none
        case .bool(let value): self = .integer(value ? 1 : 0)
        case .integer(let value): self = .integer(value)
        case .bigInteger(let value): self = .bigInteger(value)
        case .float(let value): self = Self.number(value)
        case .string(let text), .markup(let text):
            try meter.charge(text.utf8.count >> 6)
            self = .string(ExactString(text))
        case .bytes(let bytes): self = .bytes(bytes)
        case .tuple(let list):
            var elements: [HashKey] = []
            try meter.charge(list.count + 1)
            for element in list.values { elements.append(try HashKey(element, meter)) }
            self = .tuple(elements)
        case .list, .dictionary: throw .type("unhashable type: '\(value.typeName)'")
        case .object(let object): self = .object(ObjectIdentifier(object))
        case .undefined(let undefined):
            if undefined.isStrict { throw undefined.error }
            self = .undefined
        }
    }

    private static func number(_ value: Double) -> HashKey {
        if let integer = Int(exactly: value) { return .integer(integer) }
        guard value.isFinite, value == value.rounded(.towardZero) else { return .float(value) }
        return .bigInteger(BigInteger(truncating: value))
    }
}
