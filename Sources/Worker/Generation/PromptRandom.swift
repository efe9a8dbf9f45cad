/// The random numbers of one rendering: the same for the same job seed, record, column and purpose, whichever worker
/// renders, and whichever time (SplitMix64 from a hash of these).
struct PromptRandom: RandomNumberGenerator {
    private var state: UInt64

    /// - Parameter purpose: what is rendered, such as `prompt`; two renderings of one cell draw different numbers.
    init(seed: UInt64, record: Int64, column: String, purpose: StaticString) {
        // FNV-1a over the parts, which no length or order of names can confuse: each is followed by a zero.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        withUnsafeBytes(of: seed.littleEndian) { $0.forEach(add) }
        withUnsafeBytes(of: record.littleEndian) { $0.forEach(add) }
        column.utf8.forEach(add)
        add(0)
        purpose.withUTF8Buffer { $0.forEach(add) }
        state = hash
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
