/// What one seed stands for: which faults strike when, and which cells fail, are slow, refused or poisoned.
struct ChaosPlan: Sendable {
    static let records = 2000
    static let faultCount = 5

    let seed: UInt64
    /// Each strikes when so many records are complete.
    let faults: [(after: Int64, fault: ChaosFault)]
    /// A record whose title kills whatever process calls for it.
    let poisoned: Int
    /// Records whose body the endpoint refuses for good.
    let refused: [Int]
    /// Records whose title takes seconds.
    let slow: [Int]

    init(seed: UInt64) {
        self.seed = seed
        // Three seeds, from 1 on, have every fault between them, in an order of their own.
        let (round, part) = (max(seed, 1) - 1).quotientAndRemainder(dividingBy: 3)
        var shuffling = SplitMix(seed: round)
        let order = ChaosFault.allCases.shuffled(using: &shuffling).dropFirst(Int(part) * Self.faultCount)
        var random = SplitMix(seed: seed)
        let step = Int64(Self.records / (Self.faultCount + 1))
        faults = (0..<Self.faultCount).map { place in
            (
                Int64(place + 1) * step + Int64.random(in: -step / 4...step / 4, using: &random),
                order[order.startIndex + place]
            )
        }
        let cells = Array((0..<Self.records).shuffled(using: &random).prefix(6))
        poisoned = cells[0]
        refused = Array(cells[1...2])
        slow = Array(cells[3...5])
    }

    var lostRecords: Set<Int> { Set([poisoned] + refused) }
}

struct SplitMix: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
