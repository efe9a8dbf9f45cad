/// A small generator of random numbers whose state is a value (SplitMix64): seeded from outside, so that a test
/// replays.
struct Jitter: Hashable, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// From 0 up to 1, 1 excluded.
    mutating func next() -> Double {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        mixed ^= mixed >> 31
        return Double(mixed >> 11) * 0x1p-53
    }

    /// `duration`, give or take half of it.
    mutating func spread(_ duration: Duration) -> Duration { duration * (0.5 + next()) }
}
