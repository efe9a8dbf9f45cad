import DequeModule

/// Publisher confirms of one channel: which messages still wait for the broker's word, and what each word settles.
///
/// Messages are numbered from 1 in the order they are sent, as the broker does it. A `Token` says whose a message is.
/// Every token that goes in comes out exactly once. Words about numbers that are not outstanding change nothing.
struct ConfirmLedger<Token> {
    private struct Slot {
        var token: Token?
        /// Came before the confirm: an unroutable message is returned first, and then confirmed.
        var returned: PublishOutcome?
    }

    typealias Settle = (Token, PublishOutcome) -> Void

    /// From the oldest message that waits to the newest sent; settled ones in between have no token.
    private var slots: Deque<Slot> = []
    private var firstNumber: UInt64 = 1
    private(set) var outstanding = 0

    /// The number that the next message gets.
    var nextNumber: UInt64 { firstNumber + UInt64(slots.count) }

    /// The number of the message that waits longest.
    var oldestNumber: UInt64? { slots.isEmpty ? nil : firstNumber }

    mutating func send(_ token: Token) {
        slots.append(Slot(token: token, returned: nil))
        outstanding += 1
    }

    /// basic.return for that number.
    mutating func markReturned(_ number: UInt64, code: Int, text: String) {
        guard let index = index(of: number), slots[index].token != nil else { return }
        slots[index].returned = .returned(code: code, text: text)
    }

    /// basic.ack: one number, or all up to it; the number 0 with `multiple` means all.
    mutating func acknowledge(_ number: UInt64, multiple: Bool, _ settle: Settle) {
        settleRange(number, multiple) { slot, token in settle(token, slot.returned ?? .confirmed) }
    }

    /// basic.nack, read like an acknowledgement.
    mutating func refuse(_ number: UInt64, multiple: Bool, _ settle: Settle) {
        settleRange(number, multiple) { _, token in settle(token, .refused) }
    }

    /// The channel is gone and the numbering with it. What was returned before is known; `outcome` says of each other
    /// message what became of it.
    mutating func reset(_ outcome: (Token) -> PublishOutcome, _ settle: Settle) {
        let gone = slots
        self = ConfirmLedger()
        for slot in gone {
            guard let token = slot.token else { continue }
            settle(token, slot.returned ?? outcome(token))
        }
    }

    private func index(of number: UInt64) -> Int? {
        guard number >= firstNumber, number < nextNumber else { return nil }
        return Int(number - firstNumber)
    }

    private mutating func settleRange(_ number: UInt64, _ multiple: Bool, _ settle: (Slot, Token) -> Void) {
        if multiple {
            let last = number == 0 ? nextNumber - 1 : min(number, nextNumber - 1)
            while firstNumber <= last, let slot = slots.popFirst() {
                firstNumber += 1
                guard let token = slot.token else { continue }
                outstanding -= 1
                settle(slot, token)
            }
        } else if let index = index(of: number), let token = slots[index].token {
            let slot = slots[index]
            slots[index] = Slot(token: nil, returned: nil)
            outstanding -= 1
            settle(slot, token)
        }
        while let first = slots.first, first.token == nil {
            slots.removeFirst()
            firstNumber += 1
        }
    }
}
