import Testing

@testable import Throttle

struct DividedCapTests {
    private let origin = ContinuousClock.now

    private func at(_ seconds: Double) -> ContinuousClock.Instant {
        origin + .milliseconds(Int((seconds * 1000).rounded()))
    }

    private func beat(
        _ worker: String, _ number: UInt64, inFlight: Int = 0, draining: Bool = false, leaving: Bool = false
    ) -> LimitMessage {
        .beat(PeerBeat(worker: worker, number: number, inFlight: inFlight, isDraining: draining, isLeaving: leaving))
    }

    /// A worker that heard itself at 0 s, and the others at 0.5 s.
    private func joined(_ worker: String = "b", cap: Int, with others: [String] = []) -> DividedCap {
        var throttle = DividedCap(worker: worker, cap: cap)
        throttle.hear(beat(worker, 1), at(0))
        for other in others { throttle.hear(beat(other, 1), at(0.5)) }
        return throttle
    }

    private func startAll(_ throttle: inout DividedCap, _ now: ContinuousClock.Instant) -> [Permit] {
        var permits: [Permit] = []
        while let permit = throttle.start(now) { permits.append(permit) }
        return permits
    }

    private func startOne(_ throttle: inout DividedCap, _ now: ContinuousClock.Instant) throws -> Permit {
        let permit = throttle.start(now)
        return try #require(permit)
    }

    @Test func `a new worker listens before it starts and then takes its part`() {
        var throttle = joined(cap: 16, with: ["a", "c", "d"])
        #expect(throttle.start(at(1.19)) == nil)
        #expect(throttle.nextChange(at(0.6)) == at(1.2))
        #expect(startAll(&throttle, at(1.2)).count == 4)
        #expect(throttle.inFlight == 4)
    }

    @Test func `a worker that never heard itself starts nothing`() {
        var throttle = DividedCap(worker: "b", cap: 16)
        throttle.hear(beat("a", 1), at(0))
        #expect(throttle.start(at(10)) == nil)
        #expect(throttle.share(at(10)) == 0)
        #expect(throttle.nextChange(at(10)) == nil)
    }

    @Test func `a worker without others starts at once and has the whole cap`() {
        var throttle = DividedCap(worker: "preview", cap: 3, isAlone: true)
        #expect(startAll(&throttle, at(0)).count == 3)
        #expect(throttle.nextChange(at(0)) == nil)
    }

    @Test(arguments: [(1, 1), (2, 16), (3, 16), (5, 16), (7, 4), (16, 12), (64, 1000)])
    func `the parts of all workers are the cap and differ by one at most`(_ count: Int, _ cap: Int) {
        let ids = (0..<count).map { "worker-\($0)" }
        let shares = ids.map { id in joined(id, cap: cap, with: ids.filter { $0 != id }).share(at(1.5)) }
        #expect(shares.reduce(0, +) == cap)
        #expect((shares.max() ?? 0) - (shares.min() ?? 0) <= 1)
    }

    @Test func `a beat is good for three seconds and then the others take over`() {
        var throttle = joined(cap: 8, with: ["a"])
        #expect(startAll(&throttle, at(1.2)).count == 4)
        throttle.hear(beat("b", 2), at(2))
        #expect(throttle.nextChange(at(2)) == at(3.5))
        #expect(throttle.start(at(3.4)) == nil)
        throttle.tick(at(3.5))
        #expect(startAll(&throttle, at(3.5)).count == 4)
    }

    @Test func `the end of a beat counts even before the owner ticks`() {
        var throttle = joined(cap: 8, with: ["a"])
        throttle.hear(beat("b", 2), at(2))
        #expect(throttle.share(at(3.4)) == 4)
        #expect(throttle.share(at(3.5)) == 8)
    }

    @Test func `a beat out of date changes nothing, a restarted worker is heard again`() {
        var throttle = joined(cap: 8)
        throttle.hear(beat("a", 7, inFlight: 6), at(1))
        throttle.hear(beat("a", 6, inFlight: 0), at(1.1))
        #expect(startAll(&throttle, at(1.2)).count == 2)
        throttle.hear(beat("b", 2), at(2))
        throttle.hear(beat("a", 1), at(3.9))
        #expect(throttle.share(at(4.5)) == 8)
        throttle.hear(beat("a", 2), at(4.6))
        #expect(throttle.share(at(4.6)) == 4)
    }

    @Test func `calls that run elsewhere leave no room until they end`() {
        var throttle = joined(cap: 8)
        throttle.hear(beat("a", 1, inFlight: 8), at(1))
        #expect(throttle.share(at(1.2)) == 4)
        #expect(throttle.start(at(1.2)) == nil)
        throttle.hear(beat("a", 2, inFlight: 5), at(1.5))
        #expect(startAll(&throttle, at(1.5)).count == 3)
        throttle.hear(beat("a", 3, inFlight: 4), at(1.6))
        #expect(startAll(&throttle, at(1.6)).count == 1)
    }

    @Test func `a draining worker has no part, but its calls still count`() {
        var throttle = joined(cap: 8)
        throttle.hear(beat("a", 1, inFlight: 4, draining: true), at(1))
        #expect(throttle.share(at(1.2)) == 8)
        #expect(startAll(&throttle, at(1.2)).count == 4)
        throttle.hear(beat("a", 2, leaving: true), at(1.4))
        #expect(startAll(&throttle, at(1.4)).count == 4)
    }

    @Test func `a worker that drains itself starts nothing more`() throws {
        var throttle = joined(cap: 8)
        let permit = try startOne(&throttle, at(1.2))
        throttle.drain(at(1.3))
        #expect(throttle.start(at(1.3)) == nil)
        #expect(throttle.share(at(1.3)) == 0)
        throttle.finish(permit, .served, at(1.5))
        #expect(throttle.inFlight == 0)
        #expect(throttle.nextChange(at(1.5)) == nil)
    }

    @Test func `a worker that the others cannot hear stops, and listens again before it goes on`() {
        var throttle = joined(cap: 8)
        #expect(throttle.canStart(at(2.9)))
        #expect(!throttle.canStart(at(3)))
        throttle.hear(beat("b", 9), at(5))
        throttle.hear(beat("a", 4), at(5.5))
        #expect(!throttle.canStart(at(6.1)))
        #expect(startAll(&throttle, at(6.2)).count == 4)
    }

    @Test func `a refusal without a wait pauses for two seconds and everyone is told`() throws {
        var throttle = joined(cap: 8)
        let permit = try startOne(&throttle, at(1.5))
        throttle.finish(permit, .refused(retryAfter: nil), at(2))
        #expect(!throttle.canStart(at(2.5)))
        #expect(throttle.share(at(2.5)) == 8)
        #expect(throttle.pausedUntil(at(2.5)) == at(4))
        #expect(throttle.nextChange(at(2.5)) == at(4))
        #expect(
            throttle.takeMessages(at(2)) == [
                OutgoingLimitMessage(destination: .everyone, message: .pause(.seconds(2)))
            ])
        #expect(throttle.takeMessages(at(2)).isEmpty)
        throttle.hear(beat("b", 2), at(2.5))
        #expect(throttle.canStart(at(4)))
        #expect(throttle.pausedUntil(at(4)) == nil)
    }

    @Test func `of several pauses the longest wins, whoever heard of it`() {
        var throttle = joined(cap: 8)
        let permits = startAll(&throttle, at(1.5))
        throttle.finish(permits[0], .refused(retryAfter: .seconds(5)), at(2))
        throttle.finish(permits[1], .refused(retryAfter: .seconds(1)), at(2))
        #expect(throttle.pausedUntil(at(2)) == at(7))
        throttle.hear(.pause(.seconds(30)), at(3))
        #expect(throttle.pausedUntil(at(3)) == at(33))
        throttle.hear(.pause(.seconds(2)), at(4))
        #expect(throttle.pausedUntil(at(4)) == at(33))
        // A pause that the others told is not told back to them.
        throttle.finish(permits[2], .refused(retryAfter: .seconds(10)), at(4))
        #expect(throttle.pausedUntil(at(4)) == at(33))
    }

    @Test func `a burst of refusals is told once, a longer pause again`() {
        var throttle = joined(cap: 8)
        let permits = startAll(&throttle, at(1.5))
        for (index, permit) in permits.prefix(7).enumerated() {
            throttle.finish(permit, .refused(retryAfter: nil), at(2 + Double(index) / 1000))
        }
        #expect(throttle.takeMessages(at(2.01)).count == 1)
        throttle.finish(permits[7], .refused(retryAfter: .seconds(60)), at(2.02))
        #expect(
            throttle.takeMessages(at(2.02)) == [
                OutgoingLimitMessage(destination: .everyone, message: .pause(.seconds(60)))
            ])
    }

    @Test func `nobody is paused for more than ten minutes, nor for no time at all`() {
        var throttle = joined(cap: 8)
        let permits = startAll(&throttle, at(1.5))
        throttle.finish(permits[0], .refused(retryAfter: .zero), at(2))
        #expect(throttle.pausedUntil(at(2)) == at(4))
        throttle.finish(permits[1], .refused(retryAfter: .seconds(86_400)), at(2))
        #expect(throttle.pausedUntil(at(2)) == at(602))
        throttle.hear(.pause(.seconds(86_400)), at(3))
        #expect(throttle.pausedUntil(at(3)) == at(603))
    }

    @Test func `only answered calls say how long a call takes`() {
        var throttle = joined(cap: 8)
        let permits = startAll(&throttle, at(1.5))
        throttle.finish(permits[0], .failed, at(60))
        #expect(throttle.meanCall == nil)
        throttle.finish(permits[1], .served, at(2.5))
        #expect(throttle.meanCall == .seconds(1))
        throttle.finish(permits[2], .served, at(3.5))
        #expect(abs((throttle.meanCall ?? .zero) / .seconds(1) - 1.1) < 1e-9)
    }

    @Test func `a new cap holds at once`() {
        var throttle = joined(cap: 4, with: ["a"])
        #expect(startAll(&throttle, at(1.2)).count == 2)
        throttle.setCap(64, at(1.3))
        #expect(throttle.limit == 64)
        #expect(startAll(&throttle, at(1.3)).count == 30)
        throttle.setCap(0, at(1.4))
        #expect(throttle.limit == 1)
    }
}
