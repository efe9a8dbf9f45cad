/// Names one timer of one loop.
package struct TimerID: Hashable, Sendable {
    fileprivate let number: UInt64
}

/// Timers by the moment they are due; those of one moment in the order they were set.
struct TimerHeap {
    private struct Entry {
        let due: ContinuousClock.Instant
        let id: TimerID

        func comes(before other: Entry) -> Bool {
            due != other.due ? due < other.due : id.number < other.id.number
        }
    }

    private var entries: [Entry] = []
    private var actions: [TimerID: () -> Void] = [:]
    private var lastNumber: UInt64 = 0

    /// When the first timer is due; nil without timers.
    var next: ContinuousClock.Instant? { entries.first?.due }

    mutating func insert(at due: ContinuousClock.Instant, _ action: @escaping () -> Void) -> TimerID {
        lastNumber += 1
        let id = TimerID(number: lastNumber)
        actions[id] = action
        entries.append(Entry(due: due, id: id))
        siftUp(from: entries.count - 1)
        return id
    }

    /// The entry stays in the heap until it is due or cancelled entries outnumber the live ones.
    mutating func remove(_ id: TimerID) {
        guard actions.removeValue(forKey: id) != nil else { return }
        if entries.count > 64, entries.count > 2 * actions.count { compact() }
        dropCancelledFirst()
    }

    /// The first timer that is due, one a call: an action may cancel the next one, or set one for `now`, which waits
    /// for the next round.
    mutating func takeDue(at now: ContinuousClock.Instant) -> (() -> Void)? {
        while let first = entries.first, first.due <= now {
            let action = actions.removeValue(forKey: first.id)
            removeFirst()
            if let action {
                dropCancelledFirst()
                return action
            }
        }
        return nil
    }

    private mutating func dropCancelledFirst() {
        while let first = entries.first, actions[first.id] == nil { removeFirst() }
    }

    private mutating func compact() {
        entries = entries.filter { actions[$0.id] != nil }.sorted { $0.comes(before: $1) }
    }

    private mutating func removeFirst() {
        entries.swapAt(0, entries.count - 1)
        entries.removeLast()
        siftDown()
    }

    private mutating func siftUp(from start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child].comes(before: entries[parent]) else { return }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func siftDown() {
        var parent = 0
        while true {
            var first = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count {
                if entries[child].comes(before: entries[first]) { first = child }
            }
            if first == parent { return }
            entries.swapAt(parent, first)
            parent = first
        }
    }
}
