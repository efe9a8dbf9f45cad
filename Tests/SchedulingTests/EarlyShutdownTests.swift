import Scheduling
import Testing

struct EarlyShutdownTests {
    /// What the outcomes lead to, and after how many of them.
    private func firstVerdict(
        _ rule: EarlyShutdown.Rule, _ outcomes: [Bool]
    ) -> (count: Int, verdict: EarlyShutdown.Verdict)? {
        var shutdown = EarlyShutdown(rule)
        for (index, failed) in outcomes.enumerated() {
            if let verdict = shutdown.note(column: 3, failed: failed) { return (index + 1, verdict) }
        }
        return nil
    }

    @Test(arguments: [(Int64(1), 10), (40, 10), (100, 20), (20_000, 4000), (1_000_000, 5000)])
    func `the window is a fifth of the records`(records: Int64, window: Int) {
        #expect(EarlyShutdown.Rule(records: records).window == window)
    }

    @Test func `a window that the user set is that window`() {
        #expect(EarlyShutdown.Rule(window: 7, records: 1_000_000).window == 7)
    }

    @Test func `five bad ones among the first ten of a large job do not stop it`() {
        let outcomes = Array(repeating: true, count: 5) + Array(repeating: false, count: 4000)
        #expect(firstVerdict(.init(records: 20_000), outcomes) == nil)
    }

    @Test func `poisoned rows at the front do not stop a job that is fine after them`() {
        let outcomes = Array(repeating: true, count: 1000) + Array(repeating: false, count: 19_000)
        #expect(firstVerdict(.init(records: 20_000), outcomes) == nil)
    }

    @Test func `too many failures stop it when the window is full, not before`() throws {
        let outcomes = (0..<20_000).map { $0 % 10 < 6 }
        let found = try #require(firstVerdict(.init(records: 20_000), outcomes))
        #expect(found.count == 4000)
        #expect(found.verdict.failures == 2400)
        #expect(
            found.verdict.sentence(column: "review")
                == "2400 of the last 4000 cells of \"review\" failed for good: 60 %, more than 50 %")
    }

    @Test func `the cause is the last failure's, also where a success fills the window`() throws {
        var shutdown = EarlyShutdown(.init(window: 3, records: 100))
        _ = shutdown.note(column: 0, failed: true, cause: "first")
        _ = shutdown.note(column: 0, failed: true, cause: "second")
        let filled = shutdown.note(column: 0, failed: false)
        let verdict = try #require(filled)
        #expect(verdict.sentence(column: "a").hasSuffix("67 %, more than 50 %; the last: second"))
    }

    @Test func `old outcomes leave the window`() throws {
        let outcomes = Array(repeating: false, count: 100) + Array(repeating: true, count: 100)
        let found = try #require(firstVerdict(.init(window: 10, records: 1000), outcomes))
        #expect(found.count == 106)
        #expect(found.verdict.failures == 6)
    }

    @Test func `exactly the rate is not too much`() {
        let outcomes = (0..<100).map { $0 % 2 == 0 }
        #expect(firstVerdict(.init(window: 10, records: 1000), outcomes) == nil)
    }

    @Test func `a column that ends is judged by what there is`() {
        var shutdown = EarlyShutdown(.init(records: 1000))
        for failed in [true, true, false] { #expect(shutdown.note(column: 0, failed: failed) == nil) }
        #expect(shutdown.ended(column: 0)?.failures == 2)
        #expect(shutdown.ended(column: 1) == nil)
    }

    @Test func `the few cells that a takeover or a resumption left are no window`() throws {
        var taken = EarlyShutdown(.init(window: 3, records: 100), isWhole: false)
        #expect(taken.note(column: 0, failed: true) == nil)
        #expect(taken.ended(column: 0) == nil, "one of one says nothing of what came before")
        for failed in [true, true] { _ = taken.note(column: 0, failed: failed) }
        let verdict = taken.note(column: 0, failed: true)
        #expect(verdict?.failures == 3, "a full window does")

        var resumed = EarlyShutdown(.init(window: 3, records: 100))
        _ = resumed.note(column: 0, failed: false)
        resumed.reset()
        _ = resumed.note(column: 0, failed: true)
        #expect(resumed.ended(column: 0) == nil)
    }

    @Test func `columns are judged apart, and a resumed job begins anew`() {
        var shutdown = EarlyShutdown(.init(window: 2, records: 100))
        #expect(shutdown.note(column: 0, failed: true) == nil)
        #expect(shutdown.note(column: 1, failed: true) == nil)
        #expect(shutdown.note(column: 0, failed: true) != nil)
        shutdown.reset()
        #expect(shutdown.note(column: 0, failed: true) == nil)
    }
}
