import Testing

@testable import AMQP

struct ConfirmLedgerTests {
    /// A word from the broker about what was published.
    enum Word: Hashable {
        case ack(UInt64, multiple: Bool)
        case nack(UInt64, multiple: Bool)
        case returned(UInt64)
        case reset

        static func all(upTo last: UInt64) -> [Word] {
            (0...last).flatMap { number in
                [
                    .ack(number, multiple: false), .ack(number, multiple: true), .nack(number, multiple: false),
                    .nack(number, multiple: true), .returned(number),
                ]
            } + [.reset]
        }
    }

    static let returnedOutcome = PublishOutcome.returned(code: 312, text: "NO_ROUTE")

    /// What the words mean, without any cleverness.
    static func expected(sent: UInt64, _ words: [Word]) -> [UInt64: PublishOutcome] {
        var outcomes: [UInt64: PublishOutcome] = [:]
        var returned: Set<UInt64> = []
        for word in words {
            switch word {
            case .returned(let number): if outcomes[number] == nil { returned.insert(number) }
            case .ack(let number, let multiple), .nack(let number, let multiple):
                for candidate in 1...sent where outcomes[candidate] == nil {
                    guard candidate == number || multiple && (number == 0 || candidate < number) else { continue }
                    if case .nack = word {
                        outcomes[candidate] = .refused
                    } else {
                        outcomes[candidate] = returned.contains(candidate) ? returnedOutcome : .confirmed
                    }
                }
            case .reset:
                for candidate in 1...sent where outcomes[candidate] == nil {
                    outcomes[candidate] = returned.contains(candidate) ? returnedOutcome : .lost
                }
                return outcomes
            }
        }
        return outcomes
    }

    static func apply(_ words: [Word], sent: UInt64) -> (outcomes: [UInt64: PublishOutcome], isOnce: Bool, left: Int) {
        var ledger = ConfirmLedger<UInt64>()
        for number in 1...sent {
            precondition(ledger.nextNumber == number)
            ledger.send(number)
        }
        var outcomes: [UInt64: PublishOutcome] = [:]
        var isOnce = true
        func settle(_ number: UInt64, _ outcome: PublishOutcome) {
            if outcomes.updateValue(outcome, forKey: number) != nil { isOnce = false }
        }
        words: for word in words {
            switch word {
            case .ack(let number, let multiple): ledger.acknowledge(number, multiple: multiple, settle)
            case .nack(let number, let multiple): ledger.refuse(number, multiple: multiple, settle)
            case .returned(let number): ledger.markReturned(number, code: 312, text: "NO_ROUTE")
            case .reset:
                ledger.reset({ _ in .lost }, settle)
                break words
            }
        }
        return (outcomes, isOnce, ledger.outstanding)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `every sequence of three words settles what it says and each message once`(sent: UInt64) {
        let words = Word.all(upTo: sent + 1)
        for first in words {
            for second in words {
                for third in words {
                    let sequence = [first, second, third]
                    let expected = Self.expected(sent: sent, sequence)
                    let result = Self.apply(sequence, sent: sent)
                    if result.outcomes != expected || !result.isOnce
                        || result.left != (sequence.contains(.reset) ? 0 : Int(sent) - expected.count)
                    {
                        Issue.record("\(sent) sent, \(sequence): \(result), expected \(expected)")
                        return
                    }
                }
            }
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `long random sequences settle what they say`(seed: UInt64) {
        var random = SeededRandom(seed)
        let sent = UInt64.random(in: 50...200, using: &random)
        let words = (0..<150).map { _ -> Word in
            let number = UInt64.random(in: 1...sent, using: &random)
            return switch Int.random(in: 0..<10, using: &random) {
            case 0: .ack(number / 4, multiple: true)
            case 1: .nack(number / 8, multiple: true)
            case 2, 3: .returned(number)
            case 4: .nack(number, multiple: false)
            default: .ack(number, multiple: false)
            }
        }
        let result = Self.apply(words, sent: sent)
        #expect(result.outcomes == Self.expected(sent: sent, words), "seed \(seed)")
        #expect(result.isOnce)
    }

    @Test func `numbering starts anew with a new channel`() {
        var ledger = ConfirmLedger<String>()
        ledger.send("a")
        ledger.send("b")
        var settled: [String] = []
        ledger.acknowledge(1, multiple: false) { token, _ in settled.append(token) }
        ledger.reset({ _ in .lost }, { token, _ in settled.append(token) })
        #expect(settled == ["a", "b"])
        #expect(ledger.nextNumber == 1)
        ledger.send("c")
        ledger.acknowledge(1, multiple: false) { token, outcome in
            #expect(outcome == .confirmed)
            settled.append(token)
        }
        #expect(settled == ["a", "b", "c"])
    }

    @Test func `settled messages are settled in the order they were sent`() {
        var ledger = ConfirmLedger<Int>()
        for token in 1...5 { ledger.send(token) }
        var settled: [Int] = []
        ledger.acknowledge(3, multiple: false) { token, _ in settled.append(token) }
        ledger.acknowledge(5, multiple: true) { token, _ in settled.append(token) }
        #expect(settled == [3, 1, 2, 4, 5])
        #expect(ledger.outstanding == 0)
    }
}
