import Testing

@testable import Delivering

struct BreakerTests {
    let start = ContinuousClock.now
    let cell = CellID(serial: 1)
    let other = CellID(serial: 2)

    @Test func `five failures in a row open it, with a success between they do not`() {
        var breaker = Breaker()
        for _ in 0..<4 {
            #expect(breaker.fail(cell, cellFailures: 1, isLast: false, reason: "r", at: start) == false)
        }
        #expect(breaker.succeed() == false)
        for _ in 0..<4 { _ = breaker.fail(cell, cellFailures: 1, isLast: false, reason: "r", at: start) }
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
        var lucky = breaker
        _ = lucky.succeed()
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

    @Test func `waits double up to 8 seconds, and begin anew after a success`() {
        var breaker = Breaker()
        var now = start
        var waits: [Duration] = []
        for _ in 0..<5 {
            _ = breaker.fail(cell, cellFailures: 1, isLast: true, reason: "", at: now)
            guard let due = breaker.nextDue else { break }
            waits.append(now.duration(to: due))
            now = due
            _ = breaker.tick(now)
            breaker.start(cell)
        }
        #expect(waits == [2, 4, 8, 8, 8].map { .seconds($0) })
        #expect(breaker.succeed() == true)
        _ = breaker.fail(cell, cellFailures: 1, isLast: true, reason: "", at: now)
        #expect(breaker.nextDue == now + .seconds(2))
    }

    @Test func `any success closes it, a call from before it opened too`() {
        var breaker = Breaker()
        _ = breaker.fail(cell, cellFailures: 1, isLast: true, reason: "", at: start)
        #expect(breaker.succeed() == true)
        #expect(breaker.isClosed)
    }
}
