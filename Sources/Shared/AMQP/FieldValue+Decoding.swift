import CRabbitMQ

extension String {
    init(_ bytes: amqp_bytes_t) {
        self = String(decoding: UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len), as: UTF8.self)
    }
}

extension FieldValue {
    /// Nesting deeper than this is cut off: nobody here sends it.
    private static let depthAtMost = 16

    static func table(from table: amqp_table_t, depth: Int = 0) -> [String: FieldValue] {
        var values: [String: FieldValue] = [:]
        guard depth < depthAtMost, let entries = table.entries else { return values }
        for entry in UnsafeBufferPointer(start: entries, count: Int(table.num_entries)) {
            values[String(entry.key)] = FieldValue(entry.value, depth: depth)
        }
        return values
    }

    private init(_ field: amqp_field_value_t, depth: Int) {
        let value = field.value
        switch amqp_field_value_kind_t(UInt32(field.kind)) {
        case AMQP_FIELD_KIND_BOOLEAN: self = .boolean(value.boolean != 0)
        case AMQP_FIELD_KIND_I8: self = .integer(Int64(value.i8))
        case AMQP_FIELD_KIND_U8: self = .integer(Int64(value.u8))
        case AMQP_FIELD_KIND_I16: self = .integer(Int64(value.i16))
        case AMQP_FIELD_KIND_U16: self = .integer(Int64(value.u16))
        case AMQP_FIELD_KIND_I32: self = .integer(Int64(value.i32))
        case AMQP_FIELD_KIND_U32: self = .integer(Int64(value.u32))
        case AMQP_FIELD_KIND_I64: self = .integer(value.i64)
        case AMQP_FIELD_KIND_U64: self = .integer(Int64(clamping: value.u64))
        case AMQP_FIELD_KIND_F32: self = .double(Double(value.f32))
        case AMQP_FIELD_KIND_F64: self = .double(value.f64)
        case AMQP_FIELD_KIND_TIMESTAMP: self = .timestamp(value.u64)
        case AMQP_FIELD_KIND_UTF8: self = .string(String(value.bytes))
        case AMQP_FIELD_KIND_BYTES:
            self = .bytes([UInt8](UnsafeRawBufferPointer(start: value.bytes.bytes, count: value.bytes.len)))
        case AMQP_FIELD_KIND_TABLE: self = .table(Self.table(from: value.table, depth: depth + 1))
        case AMQP_FIELD_KIND_ARRAY:
            guard depth < Self.depthAtMost, let entries = value.array.entries else {
                self = .array([])
                return
            }
            let fields = UnsafeBufferPointer(start: entries, count: Int(value.array.num_entries))
            self = .array(fields.map { FieldValue($0, depth: depth + 1) })
        default: self = .void
        }
    }
}
