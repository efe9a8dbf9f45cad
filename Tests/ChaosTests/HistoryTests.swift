import Foundation
import Testing

/// The check itself: it finds what it is for.
struct HistoryTests {
    private let calm = (0..<6).map { Data("record \($0)".utf8) }
    private let expected = [5: "poison"]
    private let poisoned = History.Drop(record: 5, kind: "poison", attempts: 1)

    private func history(_ lines: [Data], _ drops: [History.Drop]) -> History {
        History(lines: lines, calm: calm, drops: drops, expected: expected, recovered: 1)
    }

    @Test func `a run that lacks only what it must is clean`() {
        #expect(history(Array(calm[..<5]), [poisoned]).isClean)
        let used = History.Drop(record: 2, kind: "server_error", attempts: 3)
        #expect(history([0, 1, 3, 4].map { calm[$0] }, [poisoned, used]).isClean)
    }

    @Test func `what is missing is lost`() {
        #expect(history(Array(calm[..<4]), [poisoned]).lost == 1)
    }

    @Test func `what is there twice, or there and given up, is doubled`() {
        #expect(history(Array(calm[..<5]) + [calm[4]], [poisoned]).doubled == 1)
        #expect(
            history(Array(calm[..<5]), [poisoned, .init(record: 1, kind: "server_error", attempts: 3)]).doubled == 1)
        #expect(history(Array(calm[..<5]), [poisoned, poisoned]).doubled == 1)
    }

    @Test func `what differs, stands elsewhere, or is given up for nothing is unexpected`() {
        let changed = Array(calm[..<4]) + [Data("record 9".utf8)]
        #expect(history(changed, [poisoned]).unexpected == 1 && history(changed, [poisoned]).lost == 0)
        #expect(history([1, 0, 2, 3, 4].map { calm[$0] }, [poisoned]).unexpected == 1)
        let early = History.Drop(record: 2, kind: "server_error", attempts: 2)
        #expect(history([0, 1, 3, 4].map { calm[$0] }, [poisoned, early]).unexpected == 1)
        #expect(history(calm, []).unexpected == 1, "the poisoned record was not given up")
    }

    @Test func `a plan is a function of its seed, and three have every fault`() {
        #expect(ChaosPlan(seed: 4).faults.map(\.fault) == ChaosPlan(seed: 4).faults.map(\.fault))
        for first in [UInt64(1), 4, 31] {
            let faults = (first..<first + 3).flatMap { ChaosPlan(seed: $0).faults.map(\.fault) }
            #expect(Set(faults) == Set(ChaosFault.allCases))
        }
        #expect(ChaosPlan(seed: 4).faults.map(\.after) == ChaosPlan(seed: 4).faults.map(\.after).sorted())
    }
}
