/// One value that goes with a statement, sent in PostgreSQL's binary format under the type its case names.
///
/// The server is told that type, so a column of another one needs a cast in the SQL: `$1::jsonb`, `$2::uuid`.
/// Text with a NUL character is refused when it is sent (`invalidParameter`): PostgreSQL cannot store it.
package enum Parameter: Sendable, Hashable {
    /// NULL of the type that the server infers; where it cannot, the SQL needs a cast.
    case null
    case bool(Bool)
    case int2(Int16)
    case int4(Int32)
    case int8(Int64)
    case float8(Double)
    case text(String)
    case bytes([UInt8])
    case timestamp(PostgresTimestamp)
    case boolArray([Bool])
    case int2Array([Int16])
    case int4Array([Int32])
    case int8Array([Int64])
    case float8Array([Double])
    case textArray([String?])
    case bytesArray([[UInt8]?])
    case nullableInt4Array([Int32?])
    case nullableInt8Array([Int64?])
    case nullableFloat8Array([Double?])
    case nullableTimestampArray([PostgresTimestamp?])

    package static func optional(_ value: Bool?) -> Parameter { value.map(Parameter.bool) ?? .null }
    package static func optional(_ value: Int32?) -> Parameter { value.map(Parameter.int4) ?? .null }
    package static func optional(_ value: Int64?) -> Parameter { value.map(Parameter.int8) ?? .null }
    package static func optional(_ value: Double?) -> Parameter { value.map(Parameter.float8) ?? .null }
    package static func optional(_ value: String?) -> Parameter { value.map(Parameter.text) ?? .null }
    package static func optional(_ value: [UInt8]?) -> Parameter { value.map(Parameter.bytes) ?? .null }
    package static func optional(_ value: PostgresTimestamp?) -> Parameter { value.map(Parameter.timestamp) ?? .null }

    var type: PostgresType {
        switch self {
        case .null: .unspecified
        case .bool: .bool
        case .int2: .int2
        case .int4: .int4
        case .int8: .int8
        case .float8: .float8
        case .text: .text
        case .bytes: .bytea
        case .timestamp: .timestamptz
        case .boolArray: .boolArray
        case .int2Array: .int2Array
        case .int4Array, .nullableInt4Array: .int4Array
        case .int8Array, .nullableInt8Array: .int8Array
        case .float8Array, .nullableFloat8Array: .float8Array
        case .textArray: .textArray
        case .bytesArray: .byteaArray
        case .nullableTimestampArray: .timestamptzArray
        }
    }
}
