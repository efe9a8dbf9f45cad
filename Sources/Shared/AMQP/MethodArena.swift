import CRabbitMQ

/// Memory for what librabbitmq is given by pointer: names and tables, alive until `reset`.
///
/// A pointer to the bytes of a Swift string is good only during the call it is made for, so everything that goes into a
/// C struct is copied here first.
final class MethodArena {
    private static let blockBytes = 64 << 10

    private let block = UnsafeMutableRawPointer.allocate(byteCount: blockBytes, alignment: 16)
    private var used = 0
    private var large: [UnsafeMutableRawPointer] = []

    deinit {
        reset()
        block.deallocate()
    }

    func reset() {
        used = 0
        if !large.isEmpty {
            for pointer in large { pointer.deallocate() }
            large.removeAll()
        }
    }

    func bytes(_ text: String) -> amqp_bytes_t {
        var text = text
        return text.withUTF8 { bytes(UnsafeRawBufferPointer($0)) }
    }

    /// The digits of a number, without making a string.
    func digits(_ number: UInt64) -> amqp_bytes_t {
        let room = 20
        let start = allocate(room)
        var position = room
        var rest = number
        repeat {
            position -= 1
            start.storeBytes(of: UInt8(ascii: "0") + UInt8(rest % 10), toByteOffset: position, as: UInt8.self)
            rest /= 10
        } while rest > 0
        return amqp_bytes_t(len: room - position, bytes: start + position)
    }

    func table(_ values: [String: FieldValue]) -> amqp_table_t {
        let stride = MemoryLayout<amqp_table_entry_t>.stride
        let entries = allocate(values.count * stride).bindMemory(to: amqp_table_entry_t.self, capacity: values.count)
        for (index, (key, value)) in values.enumerated() {
            (entries + index).initialize(to: amqp_table_entry_t(key: bytes(key), value: field(value)))
        }
        return amqp_table_t(num_entries: Int32(values.count), entries: entries)
    }

    private func field(_ value: FieldValue) -> amqp_field_value_t {
        var field = amqp_field_value_t()
        func set(_ kind: amqp_field_value_kind_t) { field.kind = UInt8(kind.rawValue) }
        switch value {
        case .void: set(AMQP_FIELD_KIND_VOID)
        case .boolean(let value):
            set(AMQP_FIELD_KIND_BOOLEAN)
            field.value.boolean = value ? 1 : 0
        case .integer(let value):
            set(AMQP_FIELD_KIND_I64)
            field.value.i64 = value
        case .double(let value):
            set(AMQP_FIELD_KIND_F64)
            field.value.f64 = value
        case .timestamp(let value):
            set(AMQP_FIELD_KIND_TIMESTAMP)
            field.value.u64 = value
        case .string(let text):
            set(AMQP_FIELD_KIND_UTF8)
            field.value.bytes = bytes(text)
        case .bytes(let value):
            set(AMQP_FIELD_KIND_BYTES)
            field.value.bytes = value.withUnsafeBytes { bytes($0) }
        case .table(let values):
            set(AMQP_FIELD_KIND_TABLE)
            field.value.table = table(values)
        case .array(let values):
            set(AMQP_FIELD_KIND_ARRAY)
            let stride = MemoryLayout<amqp_field_value_t>.stride
            let entries = allocate(values.count * stride)
                .bindMemory(to: amqp_field_value_t.self, capacity: values.count)
            for (index, value) in values.enumerated() { (entries + index).initialize(to: self.field(value)) }
            field.value.array = amqp_array_t(num_entries: Int32(values.count), entries: entries)
        }
        return field
    }

    private func bytes(_ source: UnsafeRawBufferPointer) -> amqp_bytes_t {
        guard let from = source.baseAddress, !source.isEmpty else { return amqp_bytes_t() }
        let copy = allocate(source.count)
        copy.copyMemory(from: from, byteCount: source.count)
        return amqp_bytes_t(len: source.count, bytes: copy)
    }

    /// Aligned to 16 bytes.
    private func allocate(_ count: Int) -> UnsafeMutableRawPointer {
        let rounded = (count + 15) & ~15
        if used + rounded <= Self.blockBytes {
            defer { used += rounded }
            return block + used
        }
        let pointer = UnsafeMutableRawPointer.allocate(byteCount: rounded, alignment: 16)
        large.append(pointer)
        return pointer
    }
}
