/// The generator behind Python's `random.Random`, so that a simulation here draws what the reference model draws.
struct MersenneTwister {
    private var words = [UInt32](repeating: 0, count: 624)
    private var place = 624

    /// As `random.Random(seed)` for a seed below 2^32 (init_by_array with one word).
    init(seed: UInt32) {
        words[0] = 19_650_218
        for index in 1..<624 {
            words[index] = 1_812_433_253 &* (words[index - 1] ^ (words[index - 1] >> 30)) &+ UInt32(index)
        }
        var index = 1
        for _ in 0..<624 {
            words[index] = (words[index] ^ ((words[index - 1] ^ (words[index - 1] >> 30)) &* 1_664_525)) &+ seed
            index += 1
            if index == 624 {
                words[0] = words[623]
                index = 1
            }
        }
        for _ in 0..<623 {
            words[index] =
                (words[index] ^ ((words[index - 1] ^ (words[index - 1] >> 30)) &* 1_566_083_941)) &- UInt32(index)
            index += 1
            if index == 624 {
                words[0] = words[623]
                index = 1
            }
        }
        words[0] = 0x8000_0000
    }

    mutating func word() -> UInt32 {
        if place == 624 { refill() }
        var word = words[place]
        place += 1
        word ^= word >> 11
        word ^= (word << 7) & 0x9d2c_5680
        word ^= (word << 15) & 0xefc6_0000
        return word ^ (word >> 18)
    }

    /// From 0 to below 1, with 53 bits.
    mutating func random() -> Double {
        let (high, low) = (word() >> 5, word() >> 6)
        return (Double(high) * 67_108_864 + Double(low)) / 9_007_199_254_740_992
    }

    mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * random() }

    /// The place that `random.choice` takes of so many.
    mutating func choice(of count: Int) -> Int {
        let bits = Int.bitWidth - count.leadingZeroBitCount
        while true {
            let drawn = Int(word() >> UInt32(32 - bits))
            if drawn < count { return drawn }
        }
    }

    private mutating func refill() {
        for index in 0..<624 {
            let mixed = (words[index] & 0x8000_0000) | (words[(index + 1) % 624] & 0x7fff_ffff)
            words[index] = words[(index + 397) % 624] ^ (mixed >> 1) ^ (mixed & 1 == 0 ? 0 : 0x9908_b0df)
        }
        place = 0
    }
}
