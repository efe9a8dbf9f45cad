import Testing

@testable import InferenceSimulation

struct LoadTests {
    @Test func `a schedule has a capacity for every second`() throws {
        let schedule = try #require(CapacitySchedule("5:64,20:0,40.5:16"))
        #expect([0, 5, 19.9, 20, 40.4, 40.5, 1000].map(schedule.capacity) == [64, 64, 64, 0, 0, 16, 16])
        #expect(schedule.nextChange(after: 5) == 20)
        #expect(schedule.nextChange(after: 40.5) == nil)
    }

    @Test(arguments: ["", "5", "5:", "a:1", "1:2,1:3", "3:1,2:1", "0:-1", "0:1,"])
    func `a schedule that cannot be read is refused`(_ text: String) { #expect(CapacitySchedule(text) == nil) }

    @Test func `a bucket lets so many pass a second, and a burst after a pause`() {
        var bucket = TokenBucket(rate: 16, size: 3, 0)
        #expect((0..<5).map { _ in bucket.take(0) } == [true, true, true, false, false])
        let passed = (1...96).filter { bucket.take(Double($0) / 64) }
        #expect(passed.count == 24)
        #expect((0..<5).map { _ in bucket.take(10) }.filter { $0 }.count == 3)
    }

    @Test func `areas are split at whole seconds`() {
        var ledger = SecondLedger()
        ledger.advance(0.5, running: 2, waiting: 0, limit: 4)
        ledger.advance(1.25, running: 4, waiting: 3, limit: 4)
        ledger.count { $0.refused += 1 }
        ledger.advance(3, running: 0, waiting: 0, limit: 4)
        #expect(ledger.seconds.map(\.busy) == [1, 3.5, 4])
        #expect(ledger.seconds.map(\.capacity) == [2, 4, 4])
        #expect(ledger.seconds.map(\.refused) == [0, 1, 0])
        let (seconds, total) = ledger.sum(from: 1, to: 99)
        #expect(seconds == 2)
        #expect(total.busy == 7.5)
        #expect(total.waiting == 5.25)
        // 1.75 of 2 seconds with 3.
        #expect(total.waitingAtMostMostly == 3)
        // The running second is not over.
        ledger.advance(3.5, running: 0, waiting: 0, limit: nil)
        #expect(ledger.sum(from: 0, to: 99).seconds == 3)
    }
}
