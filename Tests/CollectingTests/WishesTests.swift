import Logging
import Scheduling
import Testing

@testable import Collecting
@testable import Store

/// Wishes that come together, and those that the database refuses.
struct WishesTests {
    private let job = Job.simulated(keepsFailed: false)

    private func decide(
        _ kinds: [(String, String)], refusing refused: [Int64] = [], job: Job? = nil, tokens: Int64 = 0
    ) -> Decision {
        var collector = Collector(
            generation: 1, hold: .seconds(20), logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
        let commands = kinds.enumerated().map { OpenCommand(id: Int64($0), kind: $1.0, arguments: $1.1) }
        collector.refused(wishes: refused, "value out of range")
        collector = collector.successor(generation: 2)
        collector.adopt(
            StoredJob(
                job: job ?? self.job, active: [], reopened: [], finishedGroups: 0, nextGroup: 0, tokens: tokens,
                openCommands: commands),
            now: .now)
        return collector.decide(Batch(), recorded: [], room: 10, isLeaving: false, now: .now)
    }

    @Test func `nothing is done with a job after its deletion`() {
        let decision = decide([("set", "{}"), ("delete", "{}"), ("retry", "{}"), ("extend", #"{"records": 99}"#)])
        #expect(decision.writes.changes.count == 2)
        guard case .delete = decision.writes.changes.last else {
            Issue.record("the deletion is not the last change")
            return
        }
        #expect(decision.writes.answeredCommands.map(\.id) == [0, 1])
    }

    @Test func `of two extensions the smaller does not take back what the larger promised`() {
        let records = { (count: Int64) in ("extend", #"{"records": \#(count)}"#) }
        let down = decide([records(60), records(40), records(60)])
        #expect(down.writes.answeredCommands.map(\.isRefused) == [false, true, true])
        let up = decide([records(40), records(60)])
        #expect(up.writes.changes.count == 2)
        #expect(decide([records(NewJob.mostRecords + 1)]).writes.answeredCommands[0].isRefused)
    }

    @Test func `a cancellation waits for what a retry beside it opens again`() {
        let decision = decide([("retry", "{}"), ("cancel", "{}")])
        #expect(decision.writes.stopping == [job.number])
        #expect(decision.writes.states.isEmpty, "it is not over before its row groups are known")
        #expect(decide([("cancel", "{}")]).writes.states.map(\.state) == [.cancelled])
    }

    @Test func `only wishes that changed something are suspected when the database refuses a change`() {
        let decision = decide([("set", "{}"), ("pause", "{}"), ("retry", "{}")])
        #expect(decision.writes.changingCommands == [0, 2])
    }

    @Test func `an extension whose commit nobody knew of is believed when it is seen`() throws {
        var collector = Collector(
            generation: 1, hold: .seconds(20), logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
        for (generation, records) in [(1, 20), (2, 40)] {
            collector = collector.successor(generation: Int64(generation))
            let job = Job.simulated(keepsFailed: false, records: Int64(records))
            collector.adopt(
                StoredJob(
                    job: job, active: [], reopened: [], finishedGroups: 4, nextGroup: 4, tokens: 0, openCommands: []),
                now: .now)
        }
        let extended = try #require(collector.jobs[job.number])
        #expect(extended.blueprint.job.requested == 40 && !extended.isFinished)
    }

    @Test func `a cancel is told of once, and again when calls are given up`() {
        let decision = decide([("cancel", "{}"), ("cancel", "{}"), ("cancel", #"{"now": true}"#)])
        #expect(decision.writes.events.map(\.event) == ["cancelling", "cancelling"])
        #expect(decision.writes.events.map(\.detail).last == "calls under way are given up")
    }

    @Test func `a bound that is raised while a job is paused for it is in the reason`() throws {
        var paused = job
        (paused.state, paused.reason) = (.paused, "budget: it used 20 of 10 tokens; go on with ...")
        let told = decide([("set", #"{"max_tokens": 50}"#)], job: paused, tokens: 20).writes.states.last
        #expect(told?.state == .paused)
        #expect(told?.reason == "budget: it used 20 of now 50 tokens; go on with: coordinator resume preview")
        #expect(decide([("set", #"{"priority": 5}"#)], job: paused, tokens: 20).writes.states.isEmpty)
    }

    @Test func `a pause begins with who paused it, and says what to type next`() {
        #expect(decide([("pause", "{}")]).writes.states.last?.reason == "user: go on with: coordinator resume preview")
    }

    @Test func `a wish that the database refused is answered so, and the others are carried out`() {
        let decision = decide([("set", #"{"priority": 40000}"#), ("pause", "{}")], refusing: [0])
        #expect(decision.writes.changes.isEmpty)
        #expect(decision.writes.answeredCommands[0].isRefused)
        #expect(decision.writes.answeredCommands[0].answer.contains("value out of range"))
        #expect(decision.writes.states.last?.state == .paused)
    }
}
