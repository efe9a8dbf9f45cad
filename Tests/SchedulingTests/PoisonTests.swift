import Messages
import Scheduling
import Testing

/// Cells whose child process dies, and conversations that are interrupted.
struct PoisonTests {
    private let now = ContinuousClock.now
    private let plan = PartitionSchedulerTests.plan
    private let cell = Cell(job: PartitionSchedulerTests.plan.job, record: 0, column: 1)

    private func begin() -> PartitionScheduler {
        var scheduler = PartitionScheduler(generation: 5)
        scheduler.add(plan)
        scheduler.admit(plan.job, group: 0)
        return scheduler
    }

    private func number(_ scheduler: inout PartitionScheduler) throws -> DispatchNumber {
        let sends = scheduler.dispatch(plan.job, route: "fast", credit: 100, limit: 100)
        return try #require(sends.first { $0.column == 1 && $0.records.contains(0) }).number
    }

    @Test func `a cell is sent alone after a death, and given up at the second that was its own`() throws {
        var scheduler = begin()
        var sent = try number(&scheduler)
        #expect(!scheduler.mustBeAlone(cell))
        #expect(scheduler.childDied(with: cell, under: sent) == .again)
        #expect(scheduler.childDied(with: cell, under: sent) == .waste, "the message was doubled")
        #expect(scheduler.mustBeAlone(cell))
        sent = try number(&scheduler)
        #expect(scheduler.childDied(with: cell, under: sent) == .again)
        sent = try number(&scheduler)
        #expect(scheduler.childDied(with: cell, under: sent) == .poisoned(deaths: 3))
        #expect(scheduler.failures(of: cell) == 0, "a death was charged")
        let isDropped = scheduler.drop(record: 0, of: plan.job)
        #expect(isDropped)
    }

    @Test func `a hand-back keeps the mark, a value ends it all`() throws {
        var scheduler = begin()
        var sent = try number(&scheduler)
        _ = scheduler.childDied(with: cell, under: sent)
        sent = try number(&scheduler)
        #expect(scheduler.returned(cell, under: sent) == .ready)
        #expect(scheduler.mustBeAlone(cell))
        #expect(scheduler.value(for: cell) == .store)
    }

    @Test func `a hand-back keeps the suspicion, a failure ends it`() throws {
        var scheduler = begin()
        #expect(scheduler.returned(cell, under: try number(&scheduler), requeues: 1) == .ready)
        #expect(scheduler.requeues(of: cell) == 1)
        _ = scheduler.failure(of: cell, under: try number(&scheduler), retryAt: now)
        #expect(scheduler.requeues(of: cell) == 0)
    }

    @Test func `deaths, losses and a conversation survive a takeover`() throws {
        var first = begin()
        var log: [LogEntry] = []
        var sent = try number(&first)
        _ = first.childDied(with: cell, under: sent)
        sent = try number(&first)
        _ = first.childDied(with: cell, under: sent)
        let third = first.dispatch(plan.job, route: "fast", credit: 100, limit: 100)
        for sent in third where sent.column == 1 { _ = first.overdue(sent) }
        sent = try number(&first)
        #expect(first.returned(cell, under: sent, conversation: [7, 8]) == .ready)
        log = first.takeLog()

        var second = PartitionScheduler(generation: 6)
        second.add(plan)
        _ = second.restore(RecoveredGroup(job: plan.job, group: 0, log: inTableOrder(log)), now: now)
        #expect(second.mustBeAlone(cell))
        #expect(second.losses(of: cell) == 1)
        #expect(second.conversation(of: cell) == [7, 8])
        #expect(second.childDied(with: cell, under: try number(&second)) == .poisoned(deaths: 3))
    }

    @Test func `a conversation that was kept is over when the attempt is charged`() throws {
        var scheduler = begin()
        var sent = try number(&scheduler)
        _ = scheduler.returned(cell, under: sent, conversation: [7])
        sent = try number(&scheduler)
        #expect(scheduler.conversation(of: cell) == [7])
        _ = scheduler.failure(of: cell, under: sent, retryAt: now)
        #expect(scheduler.conversation(of: cell) == nil)
        var second = PartitionScheduler(generation: 6)
        second.add(plan)
        _ = second.restore(
            RecoveredGroup(job: plan.job, group: 0, log: inTableOrder(scheduler.takeLog())), now: now)
        #expect(second.conversation(of: cell) == nil)
    }

    /// As the table gives them back: by number, and within one by the entry's word, descending.
    private func inTableOrder(_ log: [LogEntry]) -> [LogEntry] {
        func key(_ entry: LogEntry) -> (DispatchNumber, String) {
            switch entry {
            case .sent(let sent): (sent.number, "sent")
            case .confirmed(let number, _, _): (number, "confirmed")
            case .ended(let number, _, _, _, _, let cause): (number, cause.rawValue)
            case .conversation(let number, _, _, _, _, _): (number, "conversation")
            }
        }
        return log.sorted { key($0).0 == key($1).0 ? key($0).1 > key($1).1 : key($0).0 < key($1).0 }
    }
}
