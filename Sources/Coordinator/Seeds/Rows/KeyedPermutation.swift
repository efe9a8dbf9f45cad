import Random

/// A permutation of 0..<count that needs no memory: any element's place by itself.
///
/// A balanced Feistel network of eight rounds over the next even number of bits (a permutation whatever its round
/// function is), walked until it falls inside (at most four steps in the mean): J. Black, P. Rogaway, "Ciphers with
/// arbitrary finite domains", CT-RSA 2002.
struct KeyedPermutation: Sendable {
    private let count: UInt64
    private let halfBits: UInt64
    private let keys: [UInt64]

    init(count: UInt64, _ stream: inout RandomStream) {
        self.count = count
        let bits = UInt64(64 - (max(count, 2) - 1).leadingZeroBitCount)
        halfBits = (bits + 1) / 2
        keys = (0..<8).map { _ in stream.next() }
    }

    subscript(_ number: UInt64) -> UInt64 {
        var value = number
        repeat { value = encrypted(value) } while value >= count
        return value
    }

    private func encrypted(_ number: UInt64) -> UInt64 {
        let mask: UInt64 = (1 << halfBits) - 1
        var left = number >> halfBits
        var right = number & mask
        for key in keys {
            // The finaliser of MurmurHash3.
            var mixed = right ^ key
            mixed = (mixed ^ mixed >> 33) &* 0xFF51_AFD7_ED55_8CCD
            mixed = (mixed ^ mixed >> 33) &* 0xC4CE_B9FE_1A85_EC53
            mixed ^= mixed >> 33
            (left, right) = (right, left ^ mixed & mask)
        }
        return left << halfBits | right
    }
}
