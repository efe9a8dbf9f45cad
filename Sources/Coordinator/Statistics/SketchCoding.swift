/// Bytes of a sketch: numbers as LEB128, the rest little-endian.
struct SketchWriter {
    private(set) var bytes: [UInt8] = []

    mutating func put(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func put(fixed number: UInt32) { withUnsafeBytes(of: number.littleEndian) { bytes += $0 } }
    mutating func put(_ value: Double) { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 } }
    mutating func put(bytes more: [UInt8]) { bytes += more }
}

/// Reads what `SketchWriter` wrote; nil where the bytes are no such thing.
struct SketchReader {
    private let all: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { all = bytes }

    var isAtEnd: Bool { place == all.count }

    mutating func number() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard place < all.count else { return nil }
            let byte = all[place]
            place += 1
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }

    mutating func bytes(_ count: Int) -> [UInt8]? {
        guard count <= all.count - place else { return nil }
        defer { place += count }
        return Array(all[place..<place + count])
    }

    mutating func fixed() -> UInt32? {
        bytes(4).map { $0.reversed().reduce(0) { $0 << 8 | UInt32($1) } }
    }

    mutating func double() -> Double? {
        bytes(8).map { Double(bitPattern: $0.reversed().reduce(0) { $0 << 8 | UInt64($1) }) }
    }
}
