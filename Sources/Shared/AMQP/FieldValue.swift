/// A value in an AMQP table: a queue argument or a message header.
package enum FieldValue: Hashable, Sendable {
    case boolean(Bool)
    case integer(Int64)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    /// Seconds since 1970.
    case timestamp(UInt64)
    case array([FieldValue])
    case table([String: FieldValue])
    case void

    package var integerValue: Int? {
        if case .integer(let value) = self { Int(exactly: value) } else { nil }
    }

    package var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// What it takes on the wire, its type byte included (AMQP 0-9-1, section 4.2.5).
    var encodedBytes: Int {
        switch self {
        case .void: 1
        case .boolean: 2
        case .integer, .double, .timestamp: 9
        case .string(let text): 5 + text.utf8.count
        case .bytes(let bytes): 5 + bytes.count
        case .array(let values): values.reduce(5) { $0 + $1.encodedBytes }
        case .table(let table): 5 + Self.encodedBytes(of: table)
        }
    }

    static func encodedBytes(of table: [String: FieldValue]) -> Int {
        table.reduce(0) { $0 + 1 + $1.key.utf8.count + $1.value.encodedBytes }
    }
}

extension FieldValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    package init(booleanLiteral value: Bool) { self = .boolean(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(stringLiteral value: String) { self = .string(value) }
}
