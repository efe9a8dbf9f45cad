import Testing

@testable import Delivering

struct BreakerTests {
    let start = ContinuousClock.now
    let cell = CellID(serial: 1)
    let other = CellID(serial: 2)

    @Test func `the fifth failure in a row opens it`() {
        var breaker = Breaker()
        for _ in 0..<4 {
            #expect(breaker.fail(cell, cellFailures: 1, isLast: false, reason: "r", at: start) == false)
        }
        #expect(breaker.isClosed)
        #expect(breaker.fail(cell, cellFailures: 1, isLast: false, reason: "r", at: start) == true)
        #expect(breaker.state == .open(until: start + .seconds(2)))
        #expect(!breaker.allowsCall)
        #expect(breaker.reason == "r")
    }

    @Test func `the last try of a cell opens it, unless another call succeeded meanwhile`() {
        var breaker = Breaker()
        for failures in 1...3 {
            _ = breaker.fail(cell, cellFailures: failures, isLast: false, reason: "", at: start)
        }
        var lucky = Breaker()
        #expect(lucky.fail(cell, cellFailures: 4, isLast: true, reason: "", at: start) == false)
        #expect(breaker.fail(cell, cellFailures: 4, isLast: true, reason: "", at: start) == true)
    }

    @Test func `it lets one probe through when its wait is over`() {
        var breaker = Breaker()
        _ = breaker.fail(cell, cellFailures: 1, isLast: true, reason: "", at: start)
        #expect(breaker.tick(start + .milliseconds(1999)) == false)
        #expect(breaker.tick(start + .seconds(2)) == true)
        #expect(breaker.allowsCall)
        breaker.start(cell)
        #expect(!breaker.allowsCall)
        // A call from before fails: the probe decides.
        #expect(breaker.fail(other, cellFailures: 1, isLast: true, reason: "", at: start) == false)
        #expect(breaker.state == .probing(cell))
        breaker.end(cell)
        #expect(breaker.allowsCall)
    }

    @Test func `waits double up to 30 seconds`() {
        var breaker = Breaker()
        var now = start
        var waits: [Duration] = []
        for _ in 0..<6 {
            _ = breaker.fail(cell, cellFailures: 1, isLast: true, reason: "", at: now)
            guard let due = breaker.nextDue else { break }
            waits.append(now.duration(to: due))
            now = due
            _ = breaker.tick(now)
            breaker.start(cell)
        }
        #expect(waits == [2, 4, 8, 16, 30, 30].map { .seconds($0) })
    }
}
