/// The simulator's hashes: all that looks random in it is a function of the request and the seed.
enum Hash64 {
    /// FNV-1a, 64 bit: what `echo=` shows of a prompt, so that a checker in any language can compute it.
    static func fnv1a(_ bytes: [UInt8]) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return hash
    }

    /// The finalizer of SplitMix64 (Steele, Lea, Flood 2014): neighbouring inputs give unrelated outputs.
    static func mix(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9e37_79b9_7f4a_7c15
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// Mixes bytes into a hash, eight at a time: for whole conversations, where FNV would take a cycle or four a byte.
    static func combine(_ hash: UInt64, _ bytes: [UInt8]) -> UInt64 {
        bytes.withUnsafeBytes { buffer in
            var hash = mix(hash ^ UInt64(buffer.count))
            var index = 0
            while index + 8 <= buffer.count {
                let word = buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
                hash = (hash ^ word) &* 0x9e37_79b9_7f4a_7c15
                hash ^= hash >> 29
                index += 8
            }
            var rest: UInt64 = 0
            while index < buffer.count {
                rest = rest << 8 | UInt64(buffer[index])
                index += 1
            }
            return mix(hash ^ rest)
        }
    }

    /// 0 up to, not including, 1.
    static func fraction(_ hash: UInt64) -> Double { Double(hash >> 11) * 0x1p-53 }
}

/// A stream of numbers from one hash.
struct HashStream {
    private var state: UInt64

    init(_ hash: UInt64) { state = hash }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        return Hash64.mix(state)
    }

    /// 0 up to, not including, `count`, which is positive.
    mutating func index(below count: Int) -> Int {
        // The high half of a product: without division, and even enough for word lists.
        Int(next().multipliedFullWidth(by: UInt64(count)).high)
    }

    mutating func fraction() -> Double { Hash64.fraction(next()) }
}
