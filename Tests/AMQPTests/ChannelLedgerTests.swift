import Testing

@testable import AMQP

struct ChannelLedgerTests {
    /// The broker's side: which deliveries it still holds, and whether a frame named one that it does not.
    struct BrokerModel {
        var held: Set<UInt64> = []
        var isBroken = false

        mutating func acknowledge(_ frame: ChannelLedger.Acknowledgement) {
            if !held.contains(frame.number) { isBroken = true }
            held = held.filter { frame.multiple ? $0 > frame.number : $0 != frame.number }
        }

        mutating func reject(_ number: UInt64) {
            if held.remove(number) == nil { isBroken = true }
        }
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func `the frames acknowledge exactly what was asked`(seed: UInt64) {
        var random = SeededRandom(seed)
        var ledger = ChannelLedger()
        var broker = BrokerModel()
        var mine: Set<UInt64> = []
        var last: UInt64 = 0
        for _ in 0..<400 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<4:
                last += 1
                ledger.deliver(last)
                broker.held.insert(last)
                mine.insert(last)
            case 4..<7:
                // Any number, also unknown ones and those settled before.
                let number = UInt64.random(in: 0...last + 2, using: &random)
                ledger.acknowledge(number)
                mine.remove(number)
            case 7:
                let number = UInt64.random(in: 0...last + 2, using: &random)
                let isMine = mine.remove(number) != nil
                #expect(ledger.reject(number) == isMine)
                if isMine { broker.reject(number) }
            default:
                for frame in ledger.takeAcknowledgements() { broker.acknowledge(frame) }
                if broker.held != mine || broker.isBroken {
                    Issue.record("seed \(seed): broker holds \(broker.held.sorted()), expected \(mine.sorted())")
                    return
                }
            }
        }
    }

    @Test func `acknowledging in order takes one frame`() {
        var ledger = ChannelLedger()
        for number in 1...1000 as ClosedRange<UInt64> { ledger.deliver(number) }
        for number in 1...600 as ClosedRange<UInt64> { ledger.acknowledge(number) }
        #expect(ledger.takeAcknowledgements() == [.init(number: 600, multiple: true)])
        #expect(ledger.takeAcknowledgements().isEmpty)
    }

    @Test func `a single delivery is not acknowledged with multiple`() {
        var ledger = ChannelLedger()
        ledger.deliver(1)
        ledger.deliver(2)
        ledger.acknowledge(1)
        #expect(ledger.takeAcknowledgements() == [.init(number: 1, multiple: false)])
    }

    @Test func `what lies behind an unacknowledged delivery is acknowledged one by one`() {
        var ledger = ChannelLedger()
        for number in 1...6 as ClosedRange<UInt64> { ledger.deliver(number) }
        for number in [6, 1, 2, 4] as [UInt64] { ledger.acknowledge(number) }
        #expect(
            ledger.takeAcknowledgements() == [
                .init(number: 2, multiple: true), .init(number: 6, multiple: false), .init(number: 4, multiple: false),
            ])
        // 3 closes the gap: 4 is settled already and 5 is open.
        ledger.acknowledge(3)
        #expect(ledger.takeAcknowledgements() == [.init(number: 3, multiple: false)])
        ledger.acknowledge(5)
        #expect(ledger.takeAcknowledgements() == [.init(number: 5, multiple: false)])
    }
}
