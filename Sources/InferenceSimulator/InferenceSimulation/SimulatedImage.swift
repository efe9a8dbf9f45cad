/// A PNG that the same hash always gives: stripes of two colours (RFC 2083; stored, not compressed).
struct SimulatedImage {
    let bytes: [UInt8]

    /// - Parameter side: pixels of an edge, at least 1.
    init(hash: UInt64, side: Int) {
        let side = max(1, side)
        var pixels: [UInt8] = []
        pixels.reserveCapacity(side * (3 * side + 1))
        var stream = HashStream(hash)
        let colours = (0..<2).map { _ in (0..<3).map { _ in UInt8(stream.fraction() * 255) } }
        let stripe = 1 + Int(stream.fraction() * Double(max(1, side / 2)))
        for row in 0..<side {
            // No filter.
            pixels.append(0)
            for column in 0..<side { pixels += colours[(row + column) / stripe % 2] }
        }
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        // Eight bits of red, green and blue each.
        Self.append("IHDR", Self.word(UInt32(side)) + Self.word(UInt32(side)) + [8, 2, 0, 0, 0], to: &file)
        Self.append("IDAT", Self.stored(pixels), to: &file)
        Self.append("IEND", [], to: &file)
        bytes = file
    }

    /// A zlib stream (RFC 1950) of stored blocks.
    private static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        stream.reserveCapacity(bytes.count + bytes.count / 6_000 + 16)
        var start = 0
        while start < bytes.count {
            let end = min(start + 0xFFFF, bytes.count)
            let size = UInt16(end - start)
            stream.append(end == bytes.count ? 1 : 0)
            for half in [size, ~size] { stream += [UInt8(half & 0xFF), UInt8(half >> 8)] }
            stream += bytes[start..<end]
            start = end
        }
        var (low, high) = (UInt32(1), UInt32(0))
        for byte in bytes {
            low = (low + UInt32(byte)) % 65_521
            high = (high + low) % 65_521
        }
        return stream + word(high << 16 | low)
    }

    private static func append(_ type: String, _ content: [UInt8], to file: inout [UInt8]) {
        let body = Array(type.utf8) + content
        file += word(UInt32(content.count)) + body + word(checksum(body))
    }

    private static func word(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * UInt32($0))) }
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
    }

    /// In base64.
    var text: [UInt8] {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count / 3 * 4 + 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let left = bytes.count - start
            let word =
                UInt32(bytes[start]) << 16 | (left > 1 ? UInt32(bytes[start + 1]) << 8 : 0)
                | (left > 2 ? UInt32(bytes[start + 2]) : 0)
            for part in 0..<4 {
                text.append(part <= left ? letters[Int(word >> (18 - 6 * UInt32(part)) & 63)] : UInt8(ascii: "="))
            }
        }
        return text
    }
}
