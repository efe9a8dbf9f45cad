import Scheduling
import Testing

struct RouteCreditTests {
    @Test func `the parts of jobs add up to the whole, by weight`() {
        #expect(RouteCredit.cells(shares: 100, weight: 5, weights: 5) == 214)
        #expect(RouteCredit.cells(shares: 100, weight: 10, weights: 11) == 194)
        #expect(RouteCredit.cells(shares: 100, weight: 1, weights: 11) == 19)
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
