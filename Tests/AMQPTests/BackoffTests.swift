import Testing

@testable import AMQP

struct BackoffTests {
    @Test func `waits double from the first to the longest, cut by at most a half`() {
        var backoff = Backoff(.milliseconds(100) ... .seconds(5))
        var random = SeededRandom(1)
        for whole in [100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000] {
            let wait = backoff.next(using: &random)
            #expect(wait >= .milliseconds(whole) / 2 && wait <= .milliseconds(whole), "\(wait) of \(whole) ms")
        }
        backoff.reset()
        #expect(backoff.next(using: &random) <= .milliseconds(100))
    }

    @Test func `two clients do not wait equally long`() {
        var random = SeededRandom(2)
        var first = Backoff(.seconds(1) ... .seconds(1))
        var second = first
        #expect(first.next(using: &random) != second.next(using: &random))
    }
}
