import Random

/// Ids of a uuid sampler: 32 hex digits without hyphens (a version 4 UUID), or 8.
struct UUIDDraw: Sendable {
    private let prefix: [UInt8]
    private let digits: [UInt8]
    /// Set for the short form.
    private let permutation: RecordPermutation?

    init(prefix: String?, isShort: Bool, isUppercase: Bool, source: RandomSource) {
        self.prefix = Array((prefix ?? "").utf8)
        digits = Array((isUppercase ? "0123456789ABCDEF" : "0123456789abcdef").utf8)
        permutation = isShort ? RecordPermutation(source) : nil
    }

    /// The 128 bits of a random UUID (RFC 9562: the version is 4, the variant is binary 10).
    static func version4(_ stream: inout RandomStream) -> (high: UInt64, low: UInt64) {
        let high = stream.next() & ~0xF000 | 0x4000
        let low = stream.next() & ~(3 << 62) | 1 << 63
        return (high, low)
    }

    func text(record: Int64, _ stream: inout RandomStream) -> String {
        let count = prefix.count + (permutation == nil ? 32 : 8)
        return String(unsafeUninitializedCapacity: count) { bytes in
            _ = bytes.initialize(from: prefix)
            var place = prefix.count
            func write(_ word: UInt64, _ nibbles: Int) {
                for shift in stride(from: (nibbles - 1) * 4, through: 0, by: -4) {
                    bytes[place] = digits[Int(word >> UInt64(shift) & 15)]
                    place += 1
                }
            }
            if let permutation {
                write(UInt64(permutation[UInt32(truncatingIfNeeded: record)]), 8)
            } else {
                let (high, low) = Self.version4(&stream)
                write(high, 16)
                write(low, 16)
            }
            return count
        }
    }
}

/// A keyed permutation of 32-bit numbers: short ids look random and never repeat within 2^32 records, which eight
/// random digits would after some tens of thousands.
///
/// A balanced Feistel network of eight rounds: a permutation whatever the round function is.
struct RecordPermutation: Sendable {
    private let keys: [UInt32]

    init(_ source: RandomSource) {
        // A stream that no record has.
        var stream = source.stream(record: -1)
        keys = (0..<8).map { _ in UInt32(truncatingIfNeeded: stream.next()) }
    }

    subscript(_ number: UInt32) -> UInt32 {
        var left = number >> 16
        var right = number & 0xFFFF
        for key in keys {
            var mixed = (right ^ key) &* 0x9E37_79B1
            mixed ^= mixed >> 15
            mixed = (mixed &+ key >> 7) &* 0x85EB_CA77
            (left, right) = (right, left ^ mixed >> 16)
        }
        return left << 16 | right
    }
}
