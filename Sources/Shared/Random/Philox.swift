/// Philox4x64-10: a counter-based random generator. A block of 256 random bits is a pure function of a counter and a
/// key, so any value can be drawn by itself, in any order, by any process.
///
/// Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11.
/// The tests hold the known answers published with it (Random123, `kat_vectors`).
package enum Philox {
    package typealias Key = (UInt64, UInt64)
    package typealias Block = (UInt64, UInt64, UInt64, UInt64)

    /// The four random words of one counter: ten rounds of two multiplications.
    @inlinable
    @inline(__always)
    package static func block(counter: Block, key: Key) -> Block {
        var (word0, word1, word2, word3) = counter
        var (key0, key1) = key
        for round in 0..<10 {
            if round > 0 {
                // Weyl sequence: the golden ratio and the square root of three less one, as fractions of 2^64.
                key0 &+= 0x9E37_79B9_7F4A_7C15
                key1 &+= 0xBB67_AE85_84CA_A73B
            }
            let product0 = word0.multipliedFullWidth(by: 0xD2E7_470E_E14C_6C93)
            let product1 = word2.multipliedFullWidth(by: 0xCA5A_8263_9512_1157)
            (word0, word1) = (product1.high ^ word1 ^ key0, product1.low)
            (word2, word3) = (product0.high ^ word3 ^ key1, product0.low)
        }
        return (word0, word1, word2, word3)
    }
}
