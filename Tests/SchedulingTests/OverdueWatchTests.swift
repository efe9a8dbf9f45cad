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
        watch.sent(sent)
        watch.looked(at: "r", ready: 0, now: at(30))
        #expect(!watch.hasCandidates(now: at(149)))
        #expect(watch.hasCandidates(now: at(150)))
        #expect(watch.takeOverdue(drained: at(149)).isEmpty, "results had not been read past that moment")
        #expect(watch.takeOverdue(drained: at(150)).map(\.number) == [sent.number])
        #expect(watch.count == 0)
    }

    @Test func `a queue that was never empty makes nothing overdue`() {
        var watch = OverdueWatch(hold: .seconds(60))
        watch.sent(sent)
        for look in 1...20 {
            watch.answered(on: "r", number: Self.number(1))
            watch.looked(at: "r", ready: 5, now: at(30 * look))
        }
        #expect(!watch.hasCandidates(now: at(100_000)))
    }

    @Test func `the clock starts anew while the route stands still`() {
        var watch = OverdueWatch(hold: .seconds(60))
        watch.sent(sent)
        watch.looked(at: "r", ready: 0, now: at(30))
        watch.looked(at: "r", ready: 3, now: at(60))
        #expect(!watch.hasCandidates(now: at(100_000)))
        watch.looked(at: "r", ready: 0, now: at(90))
        #expect(watch.hasCandidates(now: at(210)))
    }

    @Test func `an answer on the route keeps its clock running`() {
        var watch = OverdueWatch(hold: .seconds(60))
        watch.sent(sent)
        watch.looked(at: "r", ready: 0, now: at(30))
        watch.answered(on: "r", number: Self.number(1))
        watch.looked(at: "r", ready: 3, now: at(60))
        #expect(watch.hasCandidates(now: at(150)))
    }

    @Test func `what was sent before something that is answered was taken from the queue, too`() {
        var watch = OverdueWatch(hold: .seconds(60))
        watch.sent(sent)
        watch.sent(Self.sent(3))
        watch.answered(on: "r", number: Self.number(3))
        watch.looked(at: "r", ready: 7, now: at(30))
        #expect(watch.takeOverdue(drained: at(150)).map(\.number) == [sent.number])
    }

    @Test func `a queue that was created anew needs no waiting, whatever is in the new one`() {
        var watch = OverdueWatch(hold: .seconds(60))
        watch.sent(sent)
        watch.sent(Self.sent(3))
        watch.queueWasLost("another")
        #expect(!watch.hasCandidates(now: at(1)))
        watch.queueWasLost("r", except: [Self.number(3): [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]])
        watch.looked(at: "r", ready: 5, now: at(1))
        #expect(watch.takeOverdue(drained: at(1)).map(\.number) == [sent.number])
        #expect(!watch.hasCandidates(now: at(1)))
    }

    @Test func `what is out no more, and jobs that ended, are forgotten`() {
        var watch = OverdueWatch(hold: .seconds(60))
        watch.sent(sent)
        watch.sent(Self.sent(3, job: 2))
        watch.queueWasLost("r")
        watch.forget(JobNumber(rawValue: 2))
        #expect(watch.count == 1)
        watch.prune { $0.number != sent.number }
        #expect(watch.count == 0)
        #expect(!watch.hasCandidates(now: at(1)))
    }
}
