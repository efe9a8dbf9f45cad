import Testing

@testable import Throttle

struct ClusterLimitTests {
    /// A law that climbed to `level` without a refusal, and the time.
    private func searched(to level: Int, cap: Int = 128) -> (law: ClusterLimit, now: Double) {
        var law = ClusterLimit(LimitSettings(cap: cap), 0)
        var now = 0.0
        while law.limit < level {
            now += 1
            law.served(law.limit, epoch: law.epoch, now)
        }
        return (law, now)
    }

    @Test func `a search doubles its steps from four`() {
        var law = ClusterLimit(LimitSettings(), 0)
        var levels = [law.limit]
        var now = 0.0
        while law.state == .search {
            now += 1
            law.served(law.limit, epoch: law.epoch, now)
            levels.append(law.limit)
        }
        #expect(levels == [4, 8, 16, 32, 64, 128, 128])
        #expect(law.state == .park)
    }

    @Test func `only the first refusal of an epoch moves the limit`() {
        let (start, now) = searched(to: 32)
        var law = start
        let epoch = law.epoch
        law.refused(epoch: epoch, now)
        #expect(law.limit == 16)
        #expect(law.wall == 32)
        #expect(law.ceiling == 31)
        let after = law
        for _ in 0..<30 { law.refused(epoch: epoch, now) }
        #expect(law.limit == after.limit)
        #expect(law.epoch == after.epoch)
        #expect(law.wall == after.wall)
    }

    @Test func `a late refusal lets nothing grow meanwhile`() {
        let (start, now) = searched(to: 8)
        var law = start
        law.served(3, epoch: law.epoch, now + 1)
        law.refused(epoch: law.epoch - 1, now + 1)
        law.served(3, epoch: law.epoch, now + 1)
        #expect(law.limit == 8)
        law.served(1, epoch: law.epoch, now + 1)
        #expect(law.limit == 16)
    }

    @Test func `successes of an older epoch prove nothing`() {
        let (start, now) = searched(to: 8)
        var law = start
        law.served(100, epoch: law.epoch - 1, now + 1)
        #expect(law.limit == 8)
    }

    @Test func `a Retry-After pauses whatever the epoch, and is not believed beyond ten minutes`() {
        let (start, now) = searched(to: 8)
        var law = start
        law.refused(epoch: -1, retryAfter: 30, now)
        #expect(law.pausedUntil == now + 30)
        law.refused(epoch: -1, retryAfter: 86_400, now)
        #expect(law.pausedUntil == now + 600)
        #expect(!law.isSpaced)
        law.refused(epoch: law.epoch, retryAfter: 1, now)
        #expect(law.isSpaced)
    }

    @Test func `a probe that is refused costs one slot of one call`() {
        var (law, now) = searched(to: 16)
        law.refused(epoch: law.epoch, now)
        while law.state != .park {
            now += 1
            law.alive(now)
            law.served(25, epoch: law.epoch, now)
        }
        #expect(law.limit == 15)
        law.served(125, epoch: law.epoch, now + 0.5)
        law.tick(now + 0.9)
        #expect(law.limit == 15)
        law.tick(now + 1)
        #expect((law.limit, law.state) == (16, .search))
        law.refused(epoch: law.epoch, now + 1.1)
        #expect((law.limit, law.state) == (15, .park))
    }

    @Test func `a lower cap cuts at once, and under a higher one the search goes on`() {
        let (start, now) = searched(to: 64)
        var law = start
        let epoch = law.epoch
        law.setCap(10, now)
        #expect((law.limit, law.state, law.wall) == (10, .park, 11))
        #expect(law.epoch > epoch)
        law.tick(now + 100)
        #expect(law.limit == 10)
        law.setCap(30, now + 100)
        #expect((law.limit, law.state, law.wall) == (20, .search, nil))
    }

    @Test func `a wall that was refused stands under a higher cap`() {
        var law = ClusterLimit(LimitSettings(cap: 64), 0)
        law.refused(epoch: law.epoch, 1)
        #expect((law.limit, law.wall) == (3, 4))
        law.setCap(128, 2)
        #expect((law.limit, law.wall) == (3, 4))
    }

    @Test func `a ramp rises evenly from one to the cap until the first refusal`() {
        var settings = LimitSettings(cap: 21)
        settings.rampupSeconds = 10
        var law = ClusterLimit(settings, 0)
        #expect(law.limit == 1)
        law.tick(5)
        #expect(law.limit == 11)
        var refused = law
        law.tick(10)
        #expect(law.limit == 21)
        refused.refused(epoch: refused.epoch, 5)
        #expect(refused.limit == 8)
        refused.tick(10)
        #expect(refused.limit == 8)
    }

    @Test func `a queue at the server lowers the limit without a pause`() {
        let (start, now) = searched(to: 64)
        var law = start
        law.queued(waiting: 40, inFlight: 64, now)
        #expect((law.limit, law.state) == (64 - 40 + 8, .park))
        #expect(law.pausedUntil < now)
        let level = law.limit
        law.queued(waiting: 40, inFlight: 64, now + 0.1)
        #expect(law.limit == level)
    }

    @Test func `a queue target that was set replaces the quarter`() {
        let (start, now) = searched(to: 64)
        var law = start
        law.adopt(filled(LimitSettings()) { $0.queueTarget = 2 }, isIdle: false, now)
        law.queued(waiting: 3, inFlight: 64, now)
        #expect((law.limit, law.state) == (62, .park))
    }

    @Test func `another factor holds from the next fall on, and the cap is not among what is adopted`() {
        let (start, now) = searched(to: 16)
        var law = start
        law.adopt(filled(LimitSettings(cap: 2)) { $0.reduceFactor = 0.5 }, isIdle: false, now)
        #expect(law.limit == 16 && law.settings.cap == 128)
        law.refused(epoch: law.epoch, now)
        let level = law.limit
        law.refused(epoch: law.epoch, now + 0.01)
        law.refused(epoch: law.epoch, now + 0.02)
        #expect(law.limit == (level - 1) / 2)
    }

    @Test func `a ramp that is asked for later begins while nothing runs, and ends when nobody asks for it`() {
        let (start, now) = searched(to: 16)
        let ramp = filled(LimitSettings()) { $0.rampupSeconds = 10 }
        var busy = start
        busy.adopt(ramp, isIdle: false, now)
        busy.tick(now + 1)
        #expect(busy.limit == 16)
        var idle = start
        idle.adopt(ramp, isIdle: true, now)
        #expect(idle.limit == 1 && idle.epoch > start.epoch)
        idle.tick(now + 5)
        #expect(idle.limit == 64)
        idle.adopt(LimitSettings(), isIdle: false, now + 5)
        idle.tick(now + 5)
        #expect(idle.limit == 64 && idle.state == .search)
    }

    private func filled(_ settings: LimitSettings, _ fill: (inout LimitSettings) -> Void) -> LimitSettings {
        var settings = settings
        fill(&settings)
        return settings
    }

    @Test func `a law travels by durations and starts an epoch of its own`() {
        let (start, now) = searched(to: 16)
        var law = start
        law.refused(epoch: law.epoch, retryAfter: 5, now)
        let arrived = law.leaving(now + 1).arriving(1000)
        #expect(arrived.pausedUntil == 1004)
        #expect(arrived.since == 999)
        #expect(arrived.epoch == law.epoch + 1)
        #expect((arrived.limit, arrived.wall, arrived.state) == (law.limit, law.wall, law.state))
    }
}
