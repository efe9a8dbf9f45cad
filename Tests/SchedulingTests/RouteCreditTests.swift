import Scheduling
import Testing

struct RouteCreditTests {
    @Test func `the parts of jobs add up to the whole, by weight`() {
        #expect(RouteCredit.cells(shares: 100, weight: 5, weights: 5) == 214)
        for weights in [[10, 1], [5, 5, 5], [1, 2, 3, 4, 10]] {
            let whole = weights.reduce(0, +)
            let parts = weights.map { RouteCredit.cells(shares: 100, weight: $0, weights: whole) }
            #expect((214 - weights.count...214).contains(parts.reduce(0, +)))
            #expect(zip(weights, parts).allSatisfy { $1 == 214 * $0 / whole })
        }
    }

    @Test func `a job always has credit for one cell`() {
        #expect(RouteCredit.cells(shares: 0, weight: 1, weights: 1000) == 1)
    }

    @Test func `the backoff doubles, is bounded and spread by chance`() {
        #expect(SalvageBackoff.delay(afterAttempt: 1, chance: 0.5) == .seconds(1))
        #expect(SalvageBackoff.delay(afterAttempt: 3, chance: 0.5) == .seconds(4))
        #expect(SalvageBackoff.delay(afterAttempt: 1, chance: 0) == .milliseconds(500))
        #expect(SalvageBackoff.delay(afterAttempt: 40, chance: 0.5) == .seconds(60))
    }
}
