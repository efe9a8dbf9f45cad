import Testing

@testable import Throttle

/// The golden traces of the reference models, which were compared with the originals state by state.
struct DocumentedTests {
    @Test func `the first refusal of a burst cuts the limit, the others only pause`() {
        var throttle = DocumentedThrottle(DocumentedSettings(cap: 20), 0)
        for _ in 0..<20 { #expect(throttle.tryAcquire(0) == 0) }
        #expect(throttle.tryAcquire(0) == 0.05)
        throttle.rateLimited(1)
        #expect(throttle.limit == 15)
        #expect(throttle.level.pausedUntil == 3)
        #expect(throttle.level.ceiling == 20)
        for _ in 0..<4 { throttle.rateLimited(1) }
        #expect(throttle.limit == 15)
        #expect(throttle.level.burst == 5)
        #expect(throttle.tryAcquire(1) == 2)
        for _ in 0..<15 { throttle.succeeded(3) }
        #expect((throttle.level.inFlight, throttle.level.burst, throttle.level.streak) == (0, 0, 15))
        for _ in 0..<10 { throttle.succeeded(3) }
        #expect((throttle.limit, throttle.level.streak) == (16, 0))
    }

    @Test func `under nothing but refusals the older one cuts once and holds`() {
        var throttle = DocumentedThrottle(DocumentedSettings(cap: 20), 0)
        for wave in 0..<6 {
            let now = Double(wave) * 2
            var admitted = 0
            while throttle.tryAcquire(now) == 0 { admitted += 1 }
            for _ in 0..<admitted { throttle.rateLimited(now) }
        }
        #expect(throttle.limit == 15)
    }

    @Test func `under nothing but refusals the newer one walks down, once per wave`() {
        var admission = DocumentedAdmission(DocumentedSettings(cap: 20))
        var seen: [Int] = []
        var now = 0.0
        while seen.last != 1 {
            var wave: [Int] = []
            while let stamp = admission.tryAcquire("chat", now) { wave.append(stamp) }
            for stamp in wave { admission.release("chat", stamp: stamp, .rateLimited(retryAfter: nil), now) }
            seen.append(admission.levels["chat"]?.limit ?? 0)
            now += 2
        }
        #expect(seen == [15, 11, 8, 6, 4, 3, 2, 1])
    }

    @Test func `the climb stops a little above the refused level`() {
        var throttle = DocumentedThrottle(DocumentedSettings(cap: 100), 0)
        #expect(throttle.tryAcquire(0) == 0)
        throttle.rateLimited(retryAfter: 7, 0)
        #expect(throttle.tryAcquire(6) == 1)
        for _ in 0..<10_000 {
            #expect(throttle.tryAcquire(7) == 0)
            throttle.succeeded(7)
        }
        #expect(throttle.limit == 100)
        var low = DocumentedThrottle(DocumentedSettings(cap: 100), 0)
        #expect(low.tryAcquire(0) == 0)
        low.rateLimited(0)
        #expect(low.tryAcquire(2) == 0)
        low.succeeded(2)
        #expect(low.tryAcquire(2) == 0)
        low.rateLimited(2)
        #expect(low.limit == 56)
        #expect(low.level.ceiling == 75)
        for _ in 0..<10_000 {
            #expect(low.tryAcquire(4) == 0)
            low.succeeded(4)
        }
        #expect(low.limit == 82)
    }

    @Test func `a ramp rises evenly to the cap and a refusal ends it`() {
        var settings = DocumentedSettings(cap: 11)
        settings.rampupSeconds = 10
        var throttle = DocumentedThrottle(settings, 0)
        #expect(throttle.limit == 1)
        _ = throttle.tryAcquire(5)
        #expect(throttle.limit == 6)
        var other = throttle
        _ = throttle.tryAcquire(20)
        #expect(throttle.limit == 11)
        other.rateLimited(5)
        _ = other.tryAcquire(20)
        #expect(other.limit == 4)
    }

    @Test func `as a worker's limit it starts, pauses and drains`() throws {
        let start = ContinuousClock.now
        var limit = DocumentedLimit(DocumentedSettings(cap: 4), start)
        var permits: [Permit] = []
        while let permit = limit.start(start) { permits.append(permit) }
        #expect(permits.count == 4)
        limit.finish(permits[0], .refused(retryAfter: .seconds(5)), start)
        #expect(limit.limit == 3)
        limit.finish(permits[1], .failed, start)
        limit.finish(permits[2], .served, start + .seconds(1))
        #expect(!limit.canStart(start + .seconds(4)))
        let next = try #require(limit.nextChange(start + .seconds(4)))
        #expect(limit.canStart(next))
        #expect(limit.inFlight == 1)
        #expect(limit.meanCall == .seconds(1))
        limit.setCap(1, next)
        #expect(!limit.canStart(next))
        limit.drain(next)
        #expect(limit.share(next) == 0)
    }
}
