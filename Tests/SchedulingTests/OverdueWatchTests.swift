import Messages
import Scheduling
import Testing

struct OverdueWatchTests {
    private let start = ContinuousClock.now
    private func at(_ seconds: Int) -> ContinuousClock.Instant { start.advanced(by: .seconds(seconds)) }
    private let sent = Self.sent(2)

    private static func sent(_ sequence: Int64, job: Int64 = 1) -> Sent {
        Sent(
            number: number(sequence), job: .init(rawValue: job), group: 0, column: 1, route: "r", records: [0, 1],
            attempts: [1, 1])
    }

    private static func number(_ sequence: Int64) -> DispatchNumber { .init(generation: 1, sequence: sequence) }

    @Test func `a cell is overdue twice the hold after its queue was seen empty`() {
        var watch = OverdueWatch(hold: .seconds(60))
        watch.sent(sent, at: start)
        watch.looked(at: "r", ready: 0, now: at(30))
        #expect(!watch.hasCandidates(now: at(149)))
        #expect(watch.hasCandidates(now: at(150)))
        #expect(watch.takeOverdue(drained: at(149)).isEmpty, "results had not been read past that moment")
        #expect(watch.takeOverdue(drained: at(150)).map(\.number) == [sent.number])
        #expect(watch.count == 0)
    }

    @Test func `a queue that was never empty makes nothing overdue`() {
        var watch = OverdueWatch(hold: .seconds(60))
        watch.sent(sent, at: start)
        for look in 1...20 {
            watch.answered(on: "r", number: Self.number(1))
            watch.looked(at: "r", ready: 5, now: at(30 * look))
        }
        #expect(!watch.hasCandidates(now: at(100_000)))
    }

    @Test func `the clock starts anew while the route stands still`() {
        var watch = OverdueWatch(hold: .seconds(60))
        watch.sent(sent, at: start)
        watch.looked(at: "r", ready: 0, now: at(30))
        watch.looked(at: "r", ready: 3, now: at(60))
        #expect(!watch.hasCandidates(now: at(100_000)))
        watch.looked(at: "r", ready: 0, now: at(90))
        #expect(watch.hasCandidates(now: at(210)))
    }

    @Test func `an answer on the route keeps its clock running`() {
        var watch = OverdueWatch(hold: .seconds(60))
        watch.sent(sent, at: start)
        watch.looked(at: "r", ready: 0, now: at(30))
        watch.answered(on: "r", number: Self.number(1))
        watch.looked(at: "r", ready: 3, now: at(60))
        #expect(watch.hasCandidates(now: at(150)))
    }

    @Test func `what was sent before something that is answered was taken from the queue, too`() {
        var watch = OverdueWatch(hold: .seconds(60))
        watch.sent(sent, at: start)
        watch.sent(Self.sent(3), at: start)
        watch.answered(on: "r", number: Self.number(3))
        watch.looked(at: "r", ready: 7, now: at(30))
        #expect(watch.takeOverdue(drained: at(150)).map(\.number) == [sent.number])
    }

    @Test func `what was in a queue that is gone is overdue after seconds, not after twice the hold`() {
        var watch = OverdueWatch(hold: .seconds(60))
        watch.sent(sent, at: start)
        watch.looked(at: "r", ready: 0, now: at(1))
        watch.queueWasLost("another", at: at(9))
        #expect(watch.suspectRoutes.isEmpty)
        watch.queueWasLost("r", at: at(10))
        #expect(watch.suspectRoutes == ["r"])
        #expect(!watch.hasCandidates(now: at(20)), "a worker may have it: the new queue was not seen empty yet")
        watch.looked(at: "r", ready: 0, now: at(11))
        #expect(!watch.hasCandidates(now: at(20)))
        #expect(watch.takeOverdue(drained: at(21)).map(\.number) == [sent.number])
        #expect(!watch.hasCandidates(now: at(21)))
        watch.sent(sent, at: at(21))
        #expect(watch.suspectRoutes.isEmpty, "what is sent again is not suspect for the same loss")
    }

    @Test func `what is sent while the broker may still route to the lost queue is suspect, too`() {
        var watch = OverdueWatch(hold: .seconds(60))
        watch.queueWasLost("r", at: at(10))
        watch.sent(sent, at: at(19))
        watch.sent(Self.sent(3), at: at(20))
        watch.looked(at: "r", ready: 0, now: at(21))
        #expect(watch.takeOverdue(drained: at(31)).map(\.number) == [sent.number])
        #expect(watch.count == 1)
    }

    @Test func `a route that answers slowly does not stand still between two looks`() {
        var watch = OverdueWatch(hold: .seconds(60))
        watch.sent(sent, at: start)
        watch.queueWasLost("r", at: start)
        watch.answered(on: "r", number: Self.number(3))
        for second in 1...12 { watch.looked(at: "r", ready: 7, now: at(second)) }
        #expect(watch.takeOverdue(drained: at(12)).map(\.number) == [sent.number])
    }

    @Test func `an owner that takes over from itself remembers which queues were lost`() {
        var watch = OverdueWatch(hold: .seconds(60))
        watch.sent(sent, at: start)
        watch.queueWasLost("r", at: at(10))
        var next = watch.successor()
        #expect(next.count == 0)
        next.sent(sent, at: at(12))
        #expect(next.suspectRoutes == ["r"])
    }

    @Test func `what is out no more, and jobs that ended, are forgotten`() {
        var watch = OverdueWatch(hold: .seconds(60))
        watch.sent(sent, at: start)
        watch.sent(Self.sent(3, job: 2), at: start)
        watch.queueWasLost("r", at: start)
        watch.forget(JobNumber(rawValue: 2))
        #expect(watch.count == 1)
        watch.prune { $0.number != sent.number }
        #expect(watch.count == 0)
        #expect(!watch.hasCandidates(now: at(1)))
    }
}
