import Glibc

/// Writes PostgreSQL's binary formats, big-endian, into memory that its owner has measured beforehand.
struct BinaryWriter {
    private let start: UnsafeMutableRawPointer
    private(set) var count = 0
    /// Set once text with a NUL character was written; it must not be sent.
    private(set) var hasNUL = false

    init(_ start: UnsafeMutableRawPointer) { self.start = start }

    mutating func integer<Integer: FixedWidthInteger & BitwiseCopyable>(_ value: Integer) {
        start.storeBytes(of: value.bigEndian, toByteOffset: count, as: Integer.self)
        count += MemoryLayout<Integer>.size
    }

    mutating func bytes(_ value: [UInt8]) {
        value.withUnsafeBytes { source in
            guard let address = source.baseAddress else { return }
            (start + count).copyMemory(from: address, byteCount: source.count)
        }
        count += value.count
    }

    mutating func text(_ value: String) {
        var value = value
        let written = value.withUTF8 { source -> Int in
            guard let address = source.baseAddress, source.count > 0 else { return 0 }
            (start + count).copyMemory(from: address, byteCount: source.count)
            return source.count
        }
        if written > 0, memchr(start + count, 0, written) != nil { hasNUL = true }
        count += written
    }

    /// An array's header: dimensions, "has NULLs", element type, length, lower bound. An empty array has no dimension.
    mutating func arrayHeader(of element: PostgresType, count: Int, hasNulls: Bool) {
        integer(Int32(count == 0 ? 0 : 1))
        integer(Int32(hasNulls ? 1 : 0))
        integer(element.rawValue)
        guard count > 0 else { return }
        integer(Int32(count))
        integer(Int32(1))
    }

    static func arrayHeaderBytes(count: Int) -> Int { count == 0 ? 12 : 20 }

    /// Elements of one width, each behind its length.
    mutating func array<Integer: FixedWidthInteger & BitwiseCopyable>(
        of element: PostgresType, _ values: some RandomAccessCollection<Integer>
    ) {
        arrayHeader(of: element, count: values.count, hasNulls: false)
        for value in values {
            integer(Int32(MemoryLayout<Integer>.size))
            integer(value)
        }
    }

    mutating func nullableArray<Integer: FixedWidthInteger & BitwiseCopyable>(
        of element: PostgresType, _ values: some RandomAccessCollection<Integer?>
    ) {
        arrayHeader(of: element, count: values.count, hasNulls: values.contains(where: { $0 == nil }))
        for value in values {
            guard let value else {
                integer(Int32(-1))
                continue
            }
            integer(Int32(MemoryLayout<Integer>.size))
            integer(value)
        }
    }
}
