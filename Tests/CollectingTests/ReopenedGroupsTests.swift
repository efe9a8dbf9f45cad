import Logging
import Scheduling
import Testing

@testable import Collecting
@testable import Store

/// Row groups that a retry opened again: a whole job may be.
struct ReopenedGroupsTests {
    private let job = Job.simulated(keepsFailed: false, records: 1_000_000, groupSize: 1000)

    private func adopted(shares: Int) throws -> Collector {
        var collector = Collector(
            generation: 1, hold: .seconds(20), logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
        var board = RouteBoard()
        for route in try JobBlueprint(job: job).plan.routes {
            board.shares[route] = shares
            board.caps[route] = shares
            board.weights[route] = 5
        }
        board.providers = ["p"]
        collector.hear(board)
        collector.adopt(
            StoredJob(
                job: job, active: [], reopened: Array(0..<1000), finishedGroups: 0, nextGroup: 1000, tokens: 0,
                openCommands: []), now: .now)
        return collector
    }

    private func decide(_ collector: inout Collector) -> Decision {
        collector.decide(Batch(), recorded: [], room: 500, isLeaving: false, now: .now)
    }

    @Test func `they are taken in hand one after another, in order, while the routes are hungry`() throws {
        var collector = try adopted(shares: 600)
        var taken: [Int] = []
        for _ in 0..<50 {
            let decision = decide(&collector)
            #expect(decision.writes.admitted.isEmpty)
            #expect(decision.wantedGroups.count <= 1)
            for group in decision.wantedGroups {
                taken.append(group.group)
                let stored = StoredGroup(recovered: RecoveredGroup(job: job.number, group: group.group), values: [])
                #expect(collector.restore(stored, now: .now).isEmpty)
            }
        }
        #expect(taken == Array(0..<taken.count))
        #expect((1...10).contains(taken.count), "\(taken.count) in hand of a route that takes 600 calls")
        #expect(collector.jobs[job.number]?.reopened.count == 1000 - taken.count)
    }

    @Test func `as many are taken in hand as the routes need, where little of each is pending`() throws {
        var collector = try adopted(shares: 600)
        var taken = 0
        for _ in 0..<300 {
            for group in decide(&collector).wantedGroups {
                taken += 1
                let records = try JobBlueprint(job: job).plan.records(of: group.group)
                let recovered = RecoveredGroup(
                    job: job.number, group: group.group, dropped: Array(records.dropFirst()))
                _ = collector.restore(StoredGroup(recovered: recovered, values: []), now: .now)
            }
        }
        #expect((200...300).contains(taken), "a call each of \(taken) row groups, of a route that takes 600")
    }

    @Test func `the transaction after says that they are in hand, before anything of them is sent`() throws {
        var collector = try adopted(shares: 8)
        let first = decide(&collector)
        #expect(first.sends.isEmpty && first.writes.takenInHand.isEmpty)
        let group = try #require(first.wantedGroups.first)
        _ = collector.restore(
            StoredGroup(recovered: RecoveredGroup(job: job.number, group: group.group), values: []), now: .now)
        let second = decide(&collector)
        #expect(second.writes.takenInHand == [group])
        #expect(!second.sends.isEmpty)
        #expect(decide(&collector).writes.takenInHand.isEmpty)
    }

    @Test func `a job that is held takes none, and one that is cancelled gives all of them up`() throws {
        var collector = try adopted(shares: 600)
        collector.jobs[job.number]?.commands = [OpenCommand(id: 1, kind: "pause", arguments: "{}")]
        #expect(decide(&collector).wantedGroups.isEmpty)
        collector.jobs[job.number]?.commands = [OpenCommand(id: 2, kind: "cancel", arguments: "{}")]
        let end = decide(&collector)
        #expect(end.wantedGroups.isEmpty && end.writes.finished.isEmpty)
        #expect(end.writes.abandoned.map(\.job) == [job.number])
        #expect(end.writes.states.map(\.state).last == .cancelled)
    }
}
