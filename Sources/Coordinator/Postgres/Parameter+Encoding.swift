extension Parameter {
    /// How many bytes `encode` will write; nil for NULL, which has a length of its own on the wire.
    var encodedBytes: Int? {
        switch self {
        case .null: nil
        case .bool: 1
        case .int2: 2
        case .int4: 4
        case .int8, .float8, .timestamp: 8
        case .text(let value): value.utf8.count
        case .bytes(let value): value.count
        case .boolArray(let values): Self.arrayBytes(values.count, width: 1)
        case .int2Array(let values): Self.arrayBytes(values.count, width: 2)
        case .int4Array(let values): Self.arrayBytes(values.count, width: 4)
        case .int8Array(let values): Self.arrayBytes(values.count, width: 8)
        case .float8Array(let values): Self.arrayBytes(values.count, width: 8)
        case .nullableInt4Array(let values): Self.arrayBytes(values, width: 4)
        case .nullableInt8Array(let values): Self.arrayBytes(values, width: 8)
        case .nullableFloat8Array(let values): Self.arrayBytes(values, width: 8)
        case .nullableTimestampArray(let values): Self.arrayBytes(values, width: 8)
        case .textArray(let values):
            values.reduce(BinaryWriter.arrayHeaderBytes(count: values.count)) { $0 + 4 + ($1?.utf8.count ?? 0) }
        case .bytesArray(let values):
            values.reduce(BinaryWriter.arrayHeaderBytes(count: values.count)) { $0 + 4 + ($1?.count ?? 0) }
        }
    }

    /// Writes exactly `encodedBytes` bytes, none for NULL.
    func encode(into writer: inout BinaryWriter) {
        switch self {
        case .null: break
        case .bool(let value): writer.integer(UInt8(value ? 1 : 0))
        case .int2(let value): writer.integer(value)
        case .int4(let value): writer.integer(value)
        case .int8(let value): writer.integer(value)
        case .float8(let value): writer.integer(value.bitPattern)
        case .timestamp(let value): writer.integer(value.wireValue)
        case .text(let value): writer.text(value)
        case .bytes(let value): writer.bytes(value)
        case .boolArray(let values): writer.array(of: .bool, values.lazy.map { UInt8($0 ? 1 : 0) })
        case .int2Array(let values): writer.array(of: .int2, values)
        case .int4Array(let values): writer.array(of: .int4, values)
        case .int8Array(let values): writer.array(of: .int8, values)
        case .float8Array(let values): writer.array(of: .float8, values.lazy.map(\.bitPattern))
        case .nullableInt4Array(let values): writer.nullableArray(of: .int4, values)
        case .nullableInt8Array(let values): writer.nullableArray(of: .int8, values)
        case .nullableFloat8Array(let values): writer.nullableArray(of: .float8, values.lazy.map { $0?.bitPattern })
        case .nullableTimestampArray(let values):
            writer.nullableArray(of: .timestamptz, values.lazy.map { $0?.wireValue })
        case .textArray(let values):
            writer.arrayHeader(of: .text, count: values.count, hasNulls: values.contains(nil))
            for value in values {
                writer.integer(value.map { Int32($0.utf8.count) } ?? -1)
                if let value { writer.text(value) }
            }
        case .bytesArray(let values):
            writer.arrayHeader(of: .bytea, count: values.count, hasNulls: values.contains { $0 == nil })
            for value in values {
                writer.integer(value.map { Int32($0.count) } ?? -1)
                if let value { writer.bytes(value) }
            }
        }
    }

    private static func arrayBytes(_ count: Int, width: Int) -> Int {
        BinaryWriter.arrayHeaderBytes(count: count) + count * (4 + width)
    }

    private static func arrayBytes<Value>(_ values: [Value?], width: Int) -> Int {
        values.reduce(BinaryWriter.arrayHeaderBytes(count: values.count)) { $0 + 4 + ($1 == nil ? 0 : width) }
    }
}
