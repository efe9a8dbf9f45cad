/// Reads PostgreSQL's binary formats; every read past the end gives nil.
struct BinaryReader {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var remaining: Int { bytes.count - offset }

    mutating func integer<Integer: FixedWidthInteger & BitwiseCopyable>(_: Integer.Type) -> Integer? {
        guard remaining >= MemoryLayout<Integer>.size else { return nil }
        defer { offset += MemoryLayout<Integer>.size }
        return Integer(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Integer.self))
    }

    mutating func slice(_ count: Int) -> UnsafeRawBufferPointer? {
        guard count >= 0, remaining >= count else { return nil }
        defer { offset += count }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
    }

    /// The elements of an array of at most one dimension. Nil when it is malformed, has more dimensions, or `element`
    /// refuses one (NULLs come as nil).
    mutating func array<Element>(_ element: (UnsafeRawBufferPointer?, PostgresType) -> Element?) -> [Element]? {
        guard let dimensions = integer(Int32.self), integer(Int32.self) != nil,
            let type = integer(UInt32.self).map(PostgresType.init(rawValue:))
        else { return nil }
        if dimensions == 0 { return [] }
        // Each element takes at least its length, so a count from a broken message cannot ask for much memory.
        guard dimensions == 1, let count = integer(Int32.self), integer(Int32.self) != nil,
            count >= 0, Int(count) * 4 <= remaining
        else { return nil }
        var elements: [Element] = []
        elements.reserveCapacity(Int(count))
        for _ in 0..<count {
            guard let length = integer(Int32.self) else { return nil }
            var value: UnsafeRawBufferPointer?
            if length >= 0 {
                value = slice(Int(length))
                if value == nil { return nil }
            }
            guard let decoded = element(value, type) else { return nil }
            elements.append(decoded)
        }
        return elements
    }
}
