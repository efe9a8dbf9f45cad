import Testing

@testable import Delivering

struct PartsTests {
    let start = ContinuousClock.now

    @Test func `the prefetch is a little above the share`() {
        func wanted(_ share: Int, _ call: Duration?, cells: Double = 1, bytes: Double = 1000) -> Int {
            PrefetchRule.wanted(share: share, meanCall: call, meanCells: cells, meanBytes: bytes)
        }
        #expect(wanted(0, nil) == 0)
        #expect(wanted(16, nil) == 24)
        // Where calls are short, more is held until the broker has the results.
        #expect(wanted(16, .milliseconds(100)) == 30)
        #expect(wanted(16, .milliseconds(100), cells: 8) == 4)
        #expect(wanted(4, .microseconds(200)) == 809)
        // A long call: one too many would wait for it.
        #expect(wanted(1, .seconds(20)) == 1)
        #expect(wanted(100, .seconds(20)) == 125)
        // 64 MiB of bodies.
        #expect(wanted(100, nil, bytes: 16 * 1024 * 1024) == 4)
        #expect(wanted(100, nil, bytes: 1024 * 1024 * 1024) == 1)
    }

    @Test func `a hash survives, and only 32 bytes are one`() {
        let bytes = (0..<32).map { UInt8($0 * 7 & 255) }
        #expect(SpecHash(bytes)?.bytes == bytes)
        #expect(SpecHash(bytes.dropLast()) == nil)
        #expect(SpecHash([UInt8]()) == nil)
        #expect(SpecHash(bytes) != SpecHash(bytes.reversed()))
    }

    @Test func `of known specs the newest are kept`() {
        var shelf = SpecShelf<Int>()
        func hash(_ number: Int) -> SpecHash? {
            SpecHash((0..<32).map { $0 == 0 ? UInt8(number & 255) : $0 == 1 ? UInt8(number >> 8) : 0 })
        }
        for number in 0..<600 { if let hash = hash(number) { _ = shelf.put(number, for: hash) } }
        #expect(hash(0).flatMap { shelf[$0] } == nil)
        #expect(hash(88).flatMap { shelf[$0] } == 88)
        #expect(hash(599).flatMap { shelf[$0] } == 599)
    }

    @Test func `the gate closes on bytes, and opens at half of them`() {
        var gate = BrokerGate()
        gate.look(unconfirmedBytes: 32 << 20, at: start)
        #expect(gate.isOpen)
        gate.look(unconfirmedBytes: (32 << 20) + 1, at: start)
        #expect(!gate.isOpen)
        gate.look(unconfirmedBytes: 17 << 20, at: start)
        #expect(!gate.isOpen)
        gate.look(unconfirmedBytes: 16 << 20, at: start)
        #expect(gate.isOpen)
    }

    @Test func `repeated news of a block does not begin it anew`() {
        var gate = BrokerGate()
        gate.block(true, at: start)
        gate.block(true, at: start + .seconds(4))
        gate.look(unconfirmedBytes: 0, at: start + .seconds(5))
        #expect(!gate.isOpen)
        gate.block(false, at: start + .seconds(6))
        gate.look(unconfirmedBytes: 0, at: start + .seconds(6))
        #expect(gate.isOpen)
    }

    @Test func `jitter spreads by half, and replays`() {
        var one = Jitter(seed: 3)
        var two = Jitter(seed: 3)
        for _ in 0..<1000 {
            let spread = one.spread(.seconds(1))
            #expect(spread >= .milliseconds(500) && spread < .milliseconds(1500))
            #expect(two.spread(.seconds(1)) == spread)
        }
    }
}
