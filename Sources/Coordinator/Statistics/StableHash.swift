/// A 64-bit hash that is the same on every machine and in every version: sketches of different processes are merged by
/// it.
///
/// Eight bytes a step, finished by the mixer of SplitMix64. Not for anything an adversary may choose.
package enum StableHash {
    package static func hash(_ bytes: some Collection<UInt8>, tag: UInt8) -> UInt64 {
        bytes.withContiguousStorageIfAvailable { hash(UnsafeRawBufferPointer($0), tag) }
            ?? Array(bytes).withUnsafeBytes { hash($0, tag) }
    }

    private static func hash(_ bytes: UnsafeRawBufferPointer, _ tag: UInt8) -> UInt64 {
        var state = 0x9e37_79b9_7f4a_7c15 ^ (UInt64(tag) << 56) ^ UInt64(bytes.count)
        var place = 0
        while place + 8 <= bytes.count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
            state = (state ^ word) &* 0xff51_afd7_ed55_8ccd
            state ^= state >> 32
            place += 8
        }
        var rest: UInt64 = 0
        while place < bytes.count {
            rest = rest << 8 | UInt64(bytes[place])
            place += 1
        }
        return mixed(state ^ rest)
    }

    private static func mixed(_ value: UInt64) -> UInt64 {
        var value = value
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
