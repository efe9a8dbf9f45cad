import JSON
import Messages
import Store
import Testing

@testable import Collecting

struct WorkersViewTests {
    private let start = ContinuousClock.now
    private let route = Route(provider: "nim", model: "m")

    private func beat(
        _ worker: String, _ number: UInt64, share: UInt32 = 1, mean: UInt32? = nil, losses: UInt32 = 0,
        blocked: String = "", leaving: Bool = false
    ) -> WireBeat {
        var routeBeat = WireRouteBeat()
        routeBeat.provider = "nim"
        routeBeat.model = "m"
        routeBeat.share = share
        if let mean { routeBeat.meanCallMilliseconds = mean }
        routeBeat.queueLosses = losses
        routeBeat.blockedBy = blocked
        var beat = WireBeat()
        beat.worker = worker
        beat.number = number
        beat.leaving = leaving
        beat.providers = ["nim"]
        beat.routes = [routeBeat]
        return beat
    }

    private func lost(_ view: inout WorkersView) -> Set<String> { view.takeLostRoutes() }

    @Test func `shares add up over those that live`() {
        var view = WorkersView()
        #expect(view.heard(beat("a", 1, share: 3), at: start) == true)
        #expect(view.heard(beat("b", 1, share: 5), at: start.advanced(by: .seconds(2))) == true)
        #expect(view.heard(beat("b", 2, share: 5), at: start.advanced(by: .seconds(2))) == false, "nothing changed")
        #expect(view.shares(route) == 8)
        #expect(view.expire(at: start.advanced(by: .seconds(4))) == true)
        #expect(view.shares(route) == 5)
        #expect(view.heard(beat("b", 3, leaving: true), at: start.advanced(by: .seconds(4))) == true)
        #expect(view.providers.isEmpty)
    }

    @Test func `a tool is lacking when no live worker has it`() {
        var view = WorkersView()
        #expect(view.lackingTools == ["ruff": [], "sqlfluff": []])
        _ = view.heard(beat("b", 1), at: start)
        var first = beat("a", 1)
        #expect(view.heard(first, at: start) == true)
        #expect(view.lackingTools == ["ruff": ["a", "b"], "sqlfluff": ["a", "b"]])
        first.number = 2
        first.tools = ["ruff 0.17.6"]
        #expect(view.heard(first, at: start) == true, "what a worker has is news")
        #expect(view.lackingTools == ["sqlfluff": ["a", "b"]])
        first.number = 3
        first.leaving = true
        _ = view.heard(first, at: start)
        #expect(view.lackingTools == ["ruff": ["b"], "sqlfluff": ["b"]])
    }

    @Test func `a beat that is out of date is not taken`() {
        var view = WorkersView()
        _ = view.heard(beat("a", 7, share: 3), at: start)
        #expect(view.heard(beat("a", 6, share: 9), at: start) == false)
        #expect(view.shares(route) == 3)
    }

    @Test func `the mean is of those that have ended calls, by share`() {
        var view = WorkersView()
        _ = view.heard(beat("a", 1, share: 9), at: start)
        #expect(view.meanCall(route) == nil)
        _ = view.heard(beat("b", 1, share: 1, mean: 100), at: start)
        #expect(view.meanCall(route) == .milliseconds(100))
        _ = view.heard(beat("a", 2, share: 9, mean: 0), at: start)
        #expect(view.meanCall(route) == .milliseconds(10))
    }

    @Test func `a route is blocked when every worker of it says so`() {
        var view = WorkersView()
        _ = view.heard(beat("a", 1, blocked: "rate limit"), at: start)
        #expect(view.blocked(route) == "rate limit")
        _ = view.heard(beat("b", 1), at: start)
        #expect(view.blocked(route) == nil)
    }

    @Test func `a loss is told once, when the count grows`() {
        var view = WorkersView()
        _ = view.heard(beat("a", 1, losses: 2), at: start)
        #expect(lost(&view).isEmpty, "it may be from before this coordinator lived")
        _ = view.heard(beat("a", 2, losses: 3), at: start)
        #expect(lost(&view) == [route.key])
        _ = view.heard(beat("a", 3, losses: 3), at: start)
        #expect(lost(&view).isEmpty)
    }

    @Test func `who said goodbye is told of once, as drained and without routes`() throws {
        var view = WorkersView()
        _ = view.heard(beat("a", 1), at: start)
        _ = view.heard(beat("b", 1), at: start)
        _ = view.heard(beat("a", 2, leaving: true), at: start)
        _ = view.heard(beat("a", 2, leaving: true), at: start)
        #expect(view.beats.map(\.worker) == ["b"])
        func states() throws -> [[String?]] {
            let goodbyes = view.takeGoodbyes()
            return try view.standings(with: goodbyes).map { standing in
                let status = try JSONValue(parsing: standing.status)
                return [
                    standing.worker, status["state"]?.stringValue, "\(status["routes"]?.arrayValue?.count ?? -1)",
                ]
            }
        }
        #expect(try states() == [["a", "drained", "0"], ["b", "serving", "1"]])
        #expect(try states() == [["b", "serving", "1"]])
        _ = view.heard(beat("b", 2, leaving: true), at: start)
        _ = view.heard(beat("b", 1), at: start)
        #expect(try states() == [["b", "serving", "1"]], "it has begun again")
    }

    @Test func `what was taken of goodbyes in vain is there the next time, but for who has begun again`() {
        var view = WorkersView()
        for worker in ["a", "b", "c"] { _ = view.heard(beat(worker, 5, leaving: true), at: start) }
        let taken = view.takeGoodbyes()
        #expect(taken.count == 3)
        _ = view.heard(beat("b", 1), at: start)
        _ = view.heard(beat("c", 6, leaving: true), at: start)
        view.giveBack(taken)
        let again = view.takeGoodbyes().sorted { $0.worker < $1.worker }
        #expect(again.map(\.worker) == ["a", "c"])
        #expect(again.last?.number == 6, "the newer one")
        #expect(view.takeGoodbyes().isEmpty)
    }

    @Test func `the calls of a route under way are those of its workers, of the same beats`() throws {
        var view = WorkersView()
        for (worker, calls) in [("a", 3), ("b", 4), ("c", 2)] {
            var beat = beat(worker, 1)
            beat.routes[0].inFlight = UInt32(calls)
            _ = view.heard(beat, at: start)
        }
        let standing = try #require(LimitsView().standings(view, at: start).first)
        let status = try JSONValue(parsing: standing.status)
        #expect(status["in_flight"] == 9)
        #expect(status["workers"]?.arrayValue?.map { $0["in_flight"] } == [3, 4, 2])
        _ = view.heard(beat("a", 2, leaving: true), at: start)
        let left = try #require(LimitsView().standings(view, at: start).first)
        #expect(try JSONValue(parsing: left.status)["in_flight"] == 6, "at once")
    }
}
