import DequeModule

/// The unacknowledged deliveries of one channel, and how to acknowledge some of them in few frames.
///
/// The broker numbers the deliveries of a channel from 1. An acknowledgement with `multiple` covers every delivery up
/// to its number, so it is used exactly where all of those are to be acknowledged or already are.
struct ChannelLedger {
    struct Acknowledgement: Hashable, Sendable {
        let number: UInt64
        let multiple: Bool
    }

    private enum State: UInt8 {
        case unacknowledged
        case marked
        case settled
    }

    /// From the oldest delivery that is not settled to the newest.
    private var states: Deque<State> = []
    private var firstNumber: UInt64 = 1
    private var marked: [UInt64] = []

    /// A delivery arrived.
    mutating func deliver(_ number: UInt64) {
        let next = firstNumber + UInt64(states.count)
        // A gap would be deliveries that never came here: there is nothing to acknowledge about them.
        if number > next { states.append(contentsOf: repeatElement(.settled, count: Int(number - next))) }
        if number >= next { states.append(.unacknowledged) }
    }

    /// Marks a delivery to be acknowledged by the next `takeAcknowledgements`; one that is unknown, marked or settled
    /// is ignored.
    mutating func acknowledge(_ number: UInt64) {
        guard let index = index(of: number), states[index] == .unacknowledged else { return }
        states[index] = .marked
        marked.append(number)
    }

    /// Settles a delivery that is being rejected; false when it is unknown, marked or settled.
    mutating func reject(_ number: UInt64) -> Bool {
        guard let index = index(of: number), states[index] == .unacknowledged else { return false }
        states[index] = .settled
        dropSettled()
        return true
    }

    /// The frames to send for everything marked: one for the unbroken run from the oldest, one for each other.
    mutating func takeAcknowledgements() -> [Acknowledgement] {
        guard !marked.isEmpty else { return [] }
        var frames: [Acknowledgement] = []
        var lastOfRun: UInt64 = 0
        var countOfRun = 0
        for (offset, state) in states.enumerated() {
            if state == .unacknowledged { break }
            guard state == .marked else { continue }
            lastOfRun = firstNumber + UInt64(offset)
            countOfRun += 1
            states[offset] = .settled
        }
        if countOfRun > 0 { frames.append(Acknowledgement(number: lastOfRun, multiple: countOfRun > 1)) }
        for number in marked where number > lastOfRun {
            guard let index = index(of: number) else { continue }
            states[index] = .settled
            frames.append(Acknowledgement(number: number, multiple: false))
        }
        marked.removeAll(keepingCapacity: true)
        dropSettled()
        return frames
    }

    private func index(of number: UInt64) -> Int? {
        guard number >= firstNumber, number < firstNumber + UInt64(states.count) else { return nil }
        return Int(number - firstNumber)
    }

    private mutating func dropSettled() {
        while states.first == .settled {
            states.removeFirst()
            firstNumber += 1
        }
    }
}
