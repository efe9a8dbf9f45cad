import Messages
import Scheduling
import Testing

struct PartitionSchedulerTests {
    /// topic (sampled) -> title, body (fast), review (slow, of both), label (computed from title).
    static let plan = JobPlan(
        job: JobNumber(rawValue: 7), records: 23, groupSize: 10,
        roles: [.given, .model(route: "fast"), .model(route: "fast"), .model(route: "slow"), .computed],
        dependencies: [[], [0], [0], [1, 2], [1]], maximumAttempts: 3)

    private let now = ContinuousClock.now

    private func scheduler() -> PartitionScheduler {
        var scheduler = PartitionScheduler(generation: 5)
        scheduler.add(Self.plan)
        scheduler.admit(Self.plan.job, group: 0)
        return scheduler
    }

    private func cell(_ record: Int64, _ column: Int) -> Cell {
        Cell(job: Self.plan.job, record: record, column: column)
    }

    @Test func `cells whose needs are there are sent, one entry per column and row group`() {
        var scheduler = scheduler()
        let sends = scheduler.dispatch(Self.plan.job, route: "fast", credit: 100, limit: 100)
        #expect(sends.map(\.column) == [1, 2])
        #expect(sends.allSatisfy { $0.records == Array(0..<10) && $0.attempts == .init(repeating: 1, count: 10) })
        #expect(scheduler.takeLog() == sends.map { .sent($0) })
        #expect(scheduler.dispatch(Self.plan.job, route: "slow", credit: 100, limit: 100).isEmpty)
    }

    @Test func `credit bounds what is out, and the limit what one turn sends`() {
        var scheduler = scheduler()
        #expect(scheduler.dispatch(Self.plan.job, route: "fast", credit: 7, limit: 5).flatMap(\.records).count == 5)
        #expect(scheduler.dispatch(Self.plan.job, route: "fast", credit: 7, limit: 5).flatMap(\.records).count == 2)
        #expect(scheduler.dispatch(Self.plan.job, route: "fast", credit: 7, limit: 5).isEmpty)
        #expect(scheduler.value(for: cell(0, 1)) == .store)
        #expect(scheduler.dispatch(Self.plan.job, route: "fast", credit: 7, limit: 5).flatMap(\.records).count == 1)
    }

    @Test func `a cell becomes ready when the last that it needs is there`() {
        var scheduler = scheduler()
        _ = scheduler.dispatch(Self.plan.job, route: "fast", credit: 100, limit: 100)
        #expect(scheduler.value(for: cell(3, 1)) == .store)
        #expect(scheduler.takeComputable() == [cell(3, 4)])
        #expect(scheduler.dispatch(Self.plan.job, route: "slow", credit: 100, limit: 100).isEmpty)
        #expect(scheduler.value(for: cell(3, 2)) == .store)
        let sends = scheduler.dispatch(Self.plan.job, route: "slow", credit: 100, limit: 100)
        #expect(sends.map(\.records) == [[3]])
    }

    @Test func `a second value of a cell is waste`() {
        var scheduler = scheduler()
        #expect(scheduler.value(for: cell(0, 1)) == .store)
        #expect(scheduler.value(for: cell(0, 1)) == .waste)
        #expect(scheduler.value(for: cell(0, 0)) == .waste, "a sampled cell takes no value from outside")
        #expect(scheduler.value(for: cell(99, 1)) == .waste)
        #expect(scheduler.value(for: cell(15, 1)) == .waste, "its row group is not active")
    }

    @Test func `a failure counts once, only under the number the cell is out under`() {
        var scheduler = scheduler()
        let sent = scheduler.dispatch(Self.plan.job, route: "fast", credit: 1, limit: 1)[0]
        let other = DispatchNumber(generation: sent.number.generation, sequence: 99)
        #expect(scheduler.failure(of: cell(0, 1), under: other, retryAt: now) == .waste)
        #expect(scheduler.failure(of: cell(0, 1), under: sent.number, retryAt: now) == .charged(attempt: 1))
        #expect(scheduler.failure(of: cell(0, 1), under: sent.number, retryAt: now) == .waste)
    }

    @Test func `a failed cell waits for its backoff and comes back with the next attempt`() {
        var scheduler = scheduler()
        let first = scheduler.dispatch(Self.plan.job, route: "fast", credit: 1, limit: 1)[0]
        let due = now.advanced(by: .seconds(5))
        _ = scheduler.failure(of: cell(0, 1), under: first.number, retryAt: due)
        scheduler.wakeDelayed(at: now)
        #expect(scheduler.nextWake == due)
        _ = scheduler.takeLog()
        let others = scheduler.dispatch(Self.plan.job, route: "fast", credit: 100, limit: 100)
        #expect(!others.contains { $0.column == 1 && $0.records.contains(0) }, "it was sent before its backoff ended")
        scheduler.wakeDelayed(at: due)
        let again = scheduler.dispatch(Self.plan.job, route: "fast", credit: 100, limit: 100)
        #expect(again.map(\.records) == [[0]])
        #expect(again.map(\.attempts) == [[2]])
    }

    @Test func `a record is dropped when its rounds are used up, and its other cells become waste`() {
        var scheduler = scheduler()
        for attempt in 1...3 {
            let sends = scheduler.dispatch(Self.plan.job, route: "fast", credit: 100, limit: 100)
            let sent = sends.first { $0.column == 1 && $0.records.contains(0) }
            let verdict = scheduler.failure(
                of: cell(0, 1), under: sent?.number ?? .init(generation: 0, sequence: 0), retryAt: now)
            #expect(verdict == (attempt < 3 ? .charged(attempt: attempt) : .dropped(attempt: 3)))
            scheduler.wakeDelayed(at: now)
        }
        let out = scheduler.cellsOut(of: Self.plan.job)
        #expect(out == 18, "the dropped record's other cell still counts as out")
        #expect(scheduler.value(for: cell(0, 2)) == .waste)
        #expect(scheduler.counts(of: Self.plan.job, group: 0)?.dropped == 1)
    }

    @Test func `a failure that must not be tried again drops the record at once`() {
        var scheduler = scheduler()
        let sent = scheduler.dispatch(Self.plan.job, route: "fast", credit: 1, limit: 1)[0]
        #expect(scheduler.failure(of: cell(0, 1), under: sent.number, retryAt: nil) == .dropped(attempt: 1))
    }

    @Test func `what is handed back is ready at once, under the same attempt`() {
        var scheduler = scheduler()
        let sent = scheduler.dispatch(Self.plan.job, route: "fast", credit: 1, limit: 1)[0]
        _ = scheduler.takeLog()
        #expect(scheduler.returned(cell(0, 1), under: sent.number) == .ready)
        #expect(scheduler.returned(cell(0, 1), under: sent.number) == .waste)
        #expect(
            scheduler.takeLog() == [.ended(sent.number, job: Self.plan.job, group: 0, column: 1, records: [0])])
        let again = scheduler.dispatch(Self.plan.job, route: "fast", credit: 100, limit: 100)
        #expect(again.first { $0.records.contains(0) && $0.column == 1 }?.attempts.allSatisfy { $0 == 1 } == true)
    }

    @Test func `what is lost is counted, and sent again under the same attempt`() throws {
        var scheduler = scheduler()
        let sent = scheduler.dispatch(Self.plan.job, route: "fast", credit: 1, limit: 1)[0]
        #expect(scheduler.overdue(sent) == [cell(0, 1)])
        #expect(scheduler.overdue(sent).isEmpty)
        #expect(scheduler.losses(of: cell(0, 1)) == 1)
        let again = scheduler.dispatch(Self.plan.job, route: "fast", credit: 100, limit: 100)
        #expect(again.first { $0.records.contains(0) && $0.column == 1 }?.attempts.allSatisfy { $0 == 1 } == true)
    }

    @Test func `a stopped job sends nothing`() {
        var scheduler = scheduler()
        scheduler.stop(Self.plan.job)
        #expect(scheduler.dispatch(Self.plan.job, route: "fast", credit: 100, limit: 100).isEmpty)
    }

    @Test func `after a takeover what is out stays out, and what is unconfirmed and out is published again`() {
        var first = scheduler()
        let sends = first.dispatch(Self.plan.job, route: "fast", credit: 6, limit: 6)
        let sent = sends[0]
        _ = first.value(for: cell(0, 1))
        _ = first.returned(cell(1, 1), under: sent.number)
        var second = PartitionScheduler(generation: 6)
        second.add(Self.plan)
        let group = RecoveredGroup(job: Self.plan.job, group: 0, values: [(0, 1)], log: first.takeLog())
        let (unconfirmed, confirmed) = second.restore(group, now: now)
        #expect(unconfirmed.map(\.number) == sends.map(\.number))
        #expect(unconfirmed[0].records == sent.records.filter { $0 > 1 })
        #expect(confirmed.isEmpty)
        #expect(second.cellsOut(of: Self.plan.job) == first.cellsOut(of: Self.plan.job))
    }

    /// body may be left out, and with it review.
    static let judgedPlan = JobPlan(
        job: JobNumber(rawValue: 7), records: 23, groupSize: 10, roles: plan.roles, dependencies: plan.dependencies,
        isJudged: [false, false, true, true, false], maximumAttempts: 3)

    @Test func `a cell that may be left out is asked for before it is sent`() {
        var scheduler = PartitionScheduler(generation: 5)
        scheduler.add(Self.judgedPlan)
        scheduler.admit(Self.plan.job, group: 0)
        let asked = scheduler.takeComputable()
        #expect(asked == (0..<10).map { cell($0, 2) })
        #expect(
            scheduler.dispatch(Self.plan.job, route: "fast", credit: 99, limit: 99).map(\.column) == [1],
            "title is not judged")
        scheduler.wanted(asked[0])
        scheduler.computed(asked[1])
        let sends = scheduler.dispatch(Self.plan.job, route: "fast", credit: 99, limit: 99)
        #expect(sends.map(\.column) == [2] && sends.map(\.records) == [[0]])
        #expect(scheduler.value(for: cell(1, 2)) == .waste, "a cell that was left out takes no value")
        #expect(scheduler.value(for: cell(1, 1)) == .store)
        #expect(scheduler.takeComputable() == [cell(1, 3), cell(1, 4)], "its dependents are ready, and judged too")
    }

    @Test func `records that are given up from the start are no longer waited for`() {
        var scheduler = PartitionScheduler(generation: 5)
        scheduler.add(Self.plan)
        scheduler.admit(Self.plan.job, group: 2, dropping: [20, 22])
        #expect(scheduler.counts(of: Self.plan.job, group: 2)?.dropped == 2)
        let sends = scheduler.dispatch(Self.plan.job, route: "fast", credit: 99, limit: 99)
        #expect(sends.map(\.records) == [[21], [21]])
        let isDroppedAgain = scheduler.drop(record: 20, of: Self.plan.job)
        #expect(!isDroppedAgain)

        let given = JobPlan(
            job: JobNumber(rawValue: 8), records: 3, groupSize: 3, roles: [.given], dependencies: [[]],
            maximumAttempts: 1)
        scheduler.add(given)
        scheduler.admit(given.job, group: 0, dropping: [1])
        #expect(scheduler.completeRecords(of: given.job, group: 0) == [0, 2])
        #expect(scheduler.finishedGroups().map(\.job) == [given.job])
    }

    @Test func `a judged cell that failed or was handed back is not judged again`() throws {
        var scheduler = PartitionScheduler(generation: 5)
        scheduler.add(Self.judgedPlan)
        scheduler.admit(Self.plan.job, group: 0)
        for cell in scheduler.takeComputable() { scheduler.wanted(cell) }
        let sent = try #require(
            scheduler.dispatch(Self.plan.job, route: "fast", credit: 99, limit: 99).first { $0.column == 2 })
        #expect(scheduler.returned(cell(0, 2), under: sent.number) == .ready)
        _ = scheduler.failure(of: cell(1, 2), under: sent.number, retryAt: now)
        scheduler.wakeDelayed(at: now)
        #expect(scheduler.takeComputable().isEmpty)
        #expect(
            scheduler.dispatch(Self.plan.job, route: "fast", credit: 99, limit: 99).flatMap(\.records) == [0, 1])
    }

    @Test func `what the log has as confirmed is not published again`() throws {
        var first = scheduler()
        let sends = first.dispatch(Self.plan.job, route: "fast", credit: 20, limit: 20)
        first.confirmed(sends[0])
        let log = first.takeLog()
        #expect(log.last == .confirmed(sends[0].number, job: Self.plan.job, group: 0))
        var second = PartitionScheduler(generation: 6)
        second.add(Self.plan)
        let (unconfirmed, confirmed) = second.restore(
            RecoveredGroup(job: Self.plan.job, group: 0, log: log), now: now)
        #expect(unconfirmed.map(\.number) == [sends[1].number])
        #expect(confirmed.map(\.number) == [sends[0].number])
    }

    @Test func `a stopped job that goes on sends what was ready`() {
        var scheduler = scheduler()
        scheduler.stop(Self.plan.job)
        #expect(scheduler.dispatch(Self.plan.job, route: "fast", credit: 100, limit: 100).isEmpty)
        scheduler.goOn(Self.plan.job)
        #expect(scheduler.dispatch(Self.plan.job, route: "fast", credit: 100, limit: 100).count == 2)
    }

    @Test func `where failed cells are kept, the record goes on with a null and is complete`() {
        var scheduler = PartitionScheduler(generation: 1)
        let plan = JobPlan(
            job: Self.plan.job, records: 1, groupSize: 10, roles: [.model(route: "r"), .model(route: "r")],
            dependencies: [[], [0]], maximumAttempts: 3, keepsFailed: true)
        scheduler.add(plan)
        scheduler.admit(plan.job, group: 0)
        let first = scheduler.dispatch(plan.job, route: "r", credit: 10, limit: 10)[0]
        #expect(scheduler.failure(of: cell(0, 0), under: first.number, retryAt: nil) == .kept(attempt: 1))
        #expect(scheduler.value(for: cell(0, 0)) == .waste, "the null is its value")
        let second = scheduler.dispatch(plan.job, route: "r", credit: 10, limit: 10)
        #expect(second.map(\.column) == [1])
        #expect(scheduler.value(for: cell(0, 1)) == .store)
        #expect(
            scheduler.counts(of: plan.job, group: 0)
                == RecordCounts(completed: 1, completedWithNulls: 1, dropped: 0))
    }

    @Test func `attempts that a retry forgave count no more, and their numbers go on`() {
        var scheduler = PartitionScheduler(generation: 1)
        scheduler.add(Self.plan)
        let group = RecoveredGroup(
            job: Self.plan.job, group: 0, failures: [(0, 1, attempts: 3, forgiven: 3, wait: .zero)])
        _ = scheduler.restore(group, now: now)
        for attempt in 4...6 {
            let sends = scheduler.dispatch(Self.plan.job, route: "fast", credit: 100, limit: 100)
            let sent = sends.first { $0.column == 1 && $0.records.contains(0) }
            #expect(sent?.attempts.contains(attempt) == true)
            let verdict = scheduler.failure(
                of: cell(0, 1), under: sent?.number ?? .init(generation: 0, sequence: 0), retryAt: now)
            #expect(verdict == (attempt < 6 ? .charged(attempt: attempt) : .dropped(attempt: 6)))
            scheduler.wakeDelayed(at: now)
        }
    }

    @Test(arguments: [[], [15], [15, 40], [10], [3, 7, 11]] as [[Int64]])
    func `an extended job keeps the row groups it had`(ends: [Int64]) {
        func plan(_ records: Int64, _ ends: [Int64]) -> JobPlan {
            JobPlan(
                job: Self.plan.job, records: records, groupSize: 10, roles: [.given], dependencies: [[]],
                maximumAttempts: 1, formerEnds: ends)
        }
        let whole = plan(57, ends)
        var next: Int64 = 0
        for group in 0..<whole.groupCount {
            let records = whole.records(of: group)
            #expect(records.lowerBound == next)
            #expect(!records.isEmpty && records.count <= 10)
            #expect(records.allSatisfy { whole.group(of: $0) == group })
            next = records.upperBound
        }
        #expect(next == 57)
        for (index, end) in ends.enumerated() {
            let before = plan(end, Array(ends[..<index]))
            for group in 0..<before.groupCount { #expect(before.records(of: group) == whole.records(of: group)) }
        }
    }
}
