import Testing

@testable import LocalServices

struct RestartBackoffTests {
    @Test func `the wait doubles up to its limit and begins anew after a steady run`() {
        var backoff = RestartBackoff(first: .milliseconds(200), longest: .seconds(1), steady: .seconds(30))
        let waits = [0, 1, 29, 2, 30, 0].map { backoff.delay(afterRunning: .seconds($0)) }
        #expect(
            waits == [
                .milliseconds(200), .milliseconds(400), .milliseconds(800), .seconds(1), .milliseconds(200),
                .milliseconds(400),
            ])
    }
}
