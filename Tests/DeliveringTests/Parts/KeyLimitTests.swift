import Testing
import Throttle

@testable import Delivering

struct KeyLimitTests {
    private let start = ContinuousClock.now

    /// A limit with a share of 0: its worker knows no leader.
    private func leaderless() -> KeyLimit {
        KeyLimit(ClusterMember(worker: "w", settings: LimitSettings(cap: 4), start))
    }

    @Test func `a worker without work is not stopped, it listens`() {
        var limit = leaderless()
        limit.demand(0, start)
        limit.refresh(start)
        #expect(!limit.isStopped(start + .seconds(60)))
        #expect(!limit.isAsking)
    }

    @Test func `asking in vain stops the consumer soon, and sends work back later`() {
        var limit = leaderless()
        limit.demand(3, start)
        limit.refresh(start)
        #expect(!limit.isStopped(start + .milliseconds(200)))
        #expect(limit.isStopped(start + .milliseconds(250)))
        #expect(!limit.isStarved(start + .milliseconds(900)))
        #expect(limit.isStarved(start + .seconds(1)))
        // What waited went back: it asks on, or its turn would never come.
        limit.demand(0, start + .seconds(2))
        limit.refresh(start + .seconds(2))
        #expect(limit.isAsking)
        #expect(limit.isStopped(start + .seconds(2)))
    }

    @Test func `a line that is empty for a moment is still demand`() {
        var limit = KeyLimit(DividedCap(worker: "w", cap: 4, isAlone: true))
        limit.demand(1, start)
        limit.demand(0, start + .milliseconds(400))
        #expect(limit.isAsking)
        limit.demand(0, start + .milliseconds(500))
        #expect(!limit.isAsking)
    }
}
