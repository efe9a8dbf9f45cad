import Testing

@testable import Delivering

struct ConsumerWindowTests {
    let start = ContinuousClock.now

    @Test func `a first subscription gets what is wanted`() {
        var window = ConsumerWindow()
        #expect(window.adjust(wanted: 0, held: 0, at: start) == nil)
        #expect(window.adjust(wanted: 10, held: 0, at: start) == 10)
        #expect(window.adjust(wanted: 10, held: 10, at: start + .seconds(1)) == nil)
    }

    @Test func `nothing wanted stops it at once, and it starts again less what is held`() {
        var window = ConsumerWindow()
        _ = window.adjust(wanted: 10, held: 0, at: start)
        #expect(window.adjust(wanted: 0, held: 10, at: start) == 0)
        #expect(window.adjust(wanted: 10, held: 10, at: start) == nil)
        #expect(window.adjust(wanted: 10, held: 7, at: start) == 3)
    }

    @Test func `more is wanted: less what is held, and once more when that is gone`() {
        var window = ConsumerWindow()
        _ = window.adjust(wanted: 10, held: 0, at: start)
        // Much more soon, a little more later.
        #expect(window.adjust(wanted: 30, held: 10, at: start + .milliseconds(49)) == nil)
        #expect(window.adjust(wanted: 14, held: 10, at: start + .milliseconds(199)) == nil)
        #expect(window.adjust(wanted: 30, held: 10, at: start + .milliseconds(50)) == 20)
        #expect(window.adjust(wanted: 30, held: 30, at: start + .seconds(1)) == nil)
        for _ in 0..<10 { window.release(window.subscription - 1) }
        #expect(window.adjust(wanted: 30, held: 3, at: start + .seconds(1)) == 30)
        #expect(window.adjust(wanted: 30, held: 30, at: start + .seconds(2)) == nil)
    }

    @Test func `small steps down are not worth a subscription, large ones are`() {
        var window = ConsumerWindow()
        _ = window.adjust(wanted: 30, held: 0, at: start)
        #expect(window.adjust(wanted: 25, held: 30, at: start + .seconds(1)) == nil)
        #expect(window.adjust(wanted: 10, held: 30, at: start + .seconds(2)) == 0)
        #expect(window.adjust(wanted: 10, held: 12, at: start + .seconds(3)) == nil)
        #expect(window.adjust(wanted: 10, held: 9, at: start + .seconds(3)) == 1)
    }

    @Test func `a lost consumer comes back with the prefetch it had`() {
        var window = ConsumerWindow()
        _ = window.adjust(wanted: 10, held: 0, at: start)
        window.lose()
        #expect(window.adjust(wanted: 10, held: 0, at: start + .seconds(1)) == nil)
        #expect(window.granted == 10)
    }

    /// However wants and deliveries come and go, it settles on what is wanted, and then rests.
    @Test(arguments: 0..<100 as Range<UInt64>)
    func `it settles on what is wanted`(seed: UInt64) {
        var queue = FullQueue(random: Jitter(seed: seed))
        for _ in 0..<50 {
            let wanted = Int(queue.random.next() * 40)
            for _ in 0..<Int(queue.random.next() * 20) { queue.step(wanted: wanted) }
        }
        for _ in 0..<200 { queue.step(wanted: 20) }
        #expect((16...30).contains(queue.window.granted), "seed \(seed)")
        let before = queue.window.subscription
        for _ in 0..<200 { queue.step(wanted: 20) }
        #expect(queue.window.subscription == before, "seed \(seed)")
    }

    /// A queue that never ends: the broker fills every subscription up, and the oldest deliveries end first.
    private struct FullQueue {
        var window = ConsumerWindow()
        var random: Jitter
        var now = ContinuousClock.now
        var held: [Int] = []

        mutating func step(wanted: Int) {
            now += .milliseconds(50)
            _ = window.adjust(wanted: wanted, held: held.count, at: now)
            let current = held.filter { $0 == window.subscription }.count
            held += Array(repeating: window.subscription, count: max(0, window.granted - current))
            for _ in 0..<Int(random.next() * Double(held.count + 1)) { window.release(held.removeFirst()) }
        }
    }
}
