import Logging
import Messages
import Scheduling
import Testing

@testable import Collecting
@testable import Store

/// What a job says while it waits for an endpoint, and when it is paused for that.
struct WaitingTests {
    private let start = ContinuousClock.now
    private let refusal = "endpoint: authentication: HTTP 401: no such key"

    private func collector(_ board: RouteBoard, runConfig: String = "{}") -> Collector {
        var collector = Collector(
            generation: 1, hold: .seconds(20), logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
        collector.hear(board)
        collector.adopt(
            StoredJob(
                job: .simulated(keepsFailed: false, runConfig: runConfig), active: [], reopened: [], finishedGroups: 0,
                nextGroup: 0, tokens: 0, openCommands: []), now: start)
        return collector
    }

    private func board(_ blocked: [String: String], failures: [String: String] = [:]) -> RouteBoard {
        var board = RouteBoard()
        board.providers = ["p"]
        board.blocked = blocked
        board.failures = failures
        return board
    }

    /// The state and reason that the job gets after so many seconds.
    private func told(_ collector: inout Collector, at seconds: Int) -> String? {
        let decision = collector.decide(
            Batch(), recorded: [], room: 10, isLeaving: false, now: start.advanced(by: .seconds(seconds)))
        return decision.writes.states.last.map { "\($0.state.rawValue): \($0.reason)" }
    }

    @Test func `a key that is refused is told in one sentence, first while the job waits, then as it is paused`() {
        var collector = collector(board(["p/fast": refusal], failures: ["p/fast": "authentication"]))
        #expect(told(&collector, at: 0) == "running: ", "it may be over soon")
        let waiting = "waiting on p/fast (authentication), probed until it answers: HTTP 401: no such key"
        #expect(told(&collector, at: 5) == "waiting: \(waiting)")
        #expect(told(&collector, at: 29) == nil)
        let paused = "endpoint (authentication): p/fast refused every call for 31 s: HTTP 401: no such key; "
        #expect(told(&collector, at: 31) == "paused: \(paused)put it right, then: coordinator resume preview")
    }

    @Test func `the endpoint that is told is the one that refuses, not another that is waited for`() {
        var collector = collector(
            board(["p/fast": "draining", "p/slow": refusal], failures: ["p/slow": "authentication"]))
        _ = told(&collector, at: 0)
        #expect(told(&collector, at: 5) == "waiting: waiting on p/fast (draining)")
        #expect(told(&collector, at: 30)?.hasPrefix("paused: endpoint (authentication): p/slow refused") == true)
    }

    @Test func `an endpoint that was away for long may refuse as long as any other before the job is paused`() {
        var collector = collector(board(["p/fast": "endpoint: connection: refused"]))
        for seconds in [0, 5, 300] { _ = told(&collector, at: seconds) }
        collector.hear(board(["p/fast": refusal], failures: ["p/fast": "authentication"]))
        #expect(told(&collector, at: 301)?.hasPrefix("waiting: ") != false)
        #expect(told(&collector, at: 330)?.hasPrefix("waiting: ") != false)
        #expect(
            told(&collector, at: 331)?
                .hasPrefix("paused: endpoint (authentication): p/fast refused every call for 30 s: HTTP 401")
                == true)
    }

    @Test func `models whose names differ behind a colon are two things`() {
        let reasons = ["llama3:8b", "llama3:70b"].map {
            BlockedRoute(Route(provider: "p", model: $0), blocked: "endpoint: connection: refused").waiting
        }
        #expect(
            reasons.map { String(BlockedRoute.subject($0)) } == ["waiting on p/llama3:8b", "waiting on p/llama3:70b"])
    }

    @Test func `a job that may wait for so long only says whom it waited for`() {
        let words = "rate limit: the endpoint refuses every call"
        var collector = collector(board(["p/slow": words]), runConfig: #"{"max_throttled_seconds": 10}"#)
        _ = told(&collector, at: 0)
        let paused = "p/slow took no calls for 12 s (max_throttled_seconds): the endpoint refuses every call; "
        #expect(
            told(&collector, at: 12)
                == "paused: endpoint (rate limit): \(paused)when it does: coordinator resume preview")
    }

    @Test func `other words for the same thing are told once a minute, another thing at once`() {
        var collector = collector(board(["p/fast": "endpoint: overloaded: HTTP 503: queue of 7"]))
        _ = told(&collector, at: 0)
        #expect(told(&collector, at: 5)?.hasSuffix(": HTTP 503: queue of 7") == true)
        collector.hear(board(["p/fast": "endpoint: connection: refused"]))
        #expect(told(&collector, at: 6) == nil)
        #expect(told(&collector, at: 65)?.hasSuffix("(connection), probed until it answers: refused") == true)
        collector.hear(board(["p/slow": "endpoint: connection: refused"]))
        #expect(told(&collector, at: 66)?.hasPrefix("waiting: waiting on p/slow (connection)") == true)
    }
}
