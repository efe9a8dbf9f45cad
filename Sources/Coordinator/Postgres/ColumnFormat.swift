/// How the bytes of a column become a value: which of PostgreSQL's types it accepts, and how it reads them.
struct ColumnFormat<Value> {
    /// What an error says was asked for.
    let name: StaticString
    let accepts: (PostgresType) -> Bool
    /// Nil when the bytes are not what the type's binary format allows, or do not fit.
    let decode: (UnsafeRawBufferPointer, PostgresType) -> Value?
}

extension ColumnFormat<Bool> {
    static var bool: Self {
        Self(name: "bool", accepts: { $0 == .bool }, decode: { bytes, _ in bytes.count == 1 ? bytes[0] != 0 : nil })
    }
}

extension ColumnFormat where Value: FixedWidthInteger {
    /// Narrower integers are widened, wider ones refused.
    static var integer: Self {
        Self(
            name: "an integer of that width",
            accepts: { type in
                switch type {
                case .int2: Value.bitWidth >= 16
                case .int4: Value.bitWidth >= 32
                case .int8: Value.bitWidth >= 64
                default: false
                }
            },
            decode: { bytes, _ in
                var reader = BinaryReader(bytes)
                switch bytes.count {
                case 8: return reader.integer(Int64.self).flatMap(Value.init(exactly:))
                case 4: return reader.integer(Int32.self).flatMap(Value.init(exactly:))
                case 2: return reader.integer(Int16.self).flatMap(Value.init(exactly:))
                default: return nil
                }
            })
    }
}

extension ColumnFormat<Double> {
    static var double: Self {
        Self(
            name: "a floating point number", accepts: { $0 == .float8 || $0 == .float4 },
            decode: { bytes, _ in
                var reader = BinaryReader(bytes)
                switch bytes.count {
                case 8: return reader.integer(UInt64.self).map(Double.init(bitPattern:))
                case 4: return reader.integer(UInt32.self).map { Double(Float(bitPattern: $0)) }
                default: return nil
                }
            })
    }
}

extension ColumnFormat<String> {
    static var text: Self {
        Self(
            name: "text",
            accepts: { type in
                switch type {
                case .text, .varchar, .bpchar, .name, .json, .jsonb, .unknown, .uuid: true
                default: false
                }
            },
            decode: { bytes, type in
                switch type {
                case .uuid: uuid(bytes)
                // A version byte comes before the text.
                case .jsonb: bytes.first == 1 ? String(validating: bytes.dropFirst(), as: UTF8.self) : nil
                default: String(validating: bytes, as: UTF8.self)
                }
            })
    }

    private static func uuid(_ bytes: UnsafeRawBufferPointer) -> String? {
        guard bytes.count == 16 else { return nil }
        var text = ""
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text += "-" }
            if byte < 16 { text += "0" }
            text += String(byte, radix: 16)
        }
        return text
    }
}

extension ColumnFormat<[UInt8]> {
    static var bytes: Self {
        Self(name: "bytea", accepts: { $0 == .bytea }, decode: { bytes, _ in [UInt8](bytes) })
    }
}

extension ColumnFormat<PostgresTimestamp> {
    static var timestamp: Self {
        Self(
            name: "timestamptz", accepts: { $0 == .timestamptz },
            decode: { bytes, _ in
                var reader = BinaryReader(bytes)
                return bytes.count == 8 ? reader.integer(Int64.self).map(PostgresTimestamp.init(wireValue:)) : nil
            })
    }
}

extension ColumnFormat {
    /// An array of at most one dimension without NULLs.
    static func array<Element>(
        _ name: StaticString, of element: ColumnFormat<Element>, accepts: @escaping (PostgresType) -> Bool
    ) -> Self where Value == [Element] {
        Self(name: name, accepts: accepts) { bytes, _ in
            var reader = BinaryReader(bytes)
            return reader.array { bytes, type in bytes.flatMap { element.decode($0, type) } }
        }
    }

    static func nullableArray<Element>(
        _ name: StaticString, of element: ColumnFormat<Element>, accepts: @escaping (PostgresType) -> Bool
    ) -> Self where Value == [Element?] {
        Self(name: name, accepts: accepts) { bytes, _ in
            var reader = BinaryReader(bytes)
            return reader.array { bytes, type -> Element?? in
                guard let bytes else { return .some(nil) }
                return element.decode(bytes, type).map(Optional.some)
            }
        }
    }
}
