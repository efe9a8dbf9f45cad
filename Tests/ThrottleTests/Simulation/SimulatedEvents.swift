/// Events by their time; those of one time in the order in which they were added.
struct SimulatedEvents<Event> {
    private struct Entry {
        let at: Double
        let order: Int
        let event: Event

        func comes(before other: Entry) -> Bool { at != other.at ? at < other.at : order < other.order }
    }

    private var entries: [Entry] = []
    private var count = 0

    var nextAt: Double? { entries.first?.at }

    mutating func add(_ event: Event, at: Double) {
        entries.append(Entry(at: at, order: count, event: event))
        count += 1
        var child = entries.count - 1
        while child > 0, entries[child].comes(before: entries[(child - 1) / 2]) {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func takeFirst() -> (at: Double, event: Event) {
        let first = entries[0]
        entries.swapAt(0, entries.count - 1)
        entries.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < entries.count && entries[child].comes(before: entries[least]) {
                least = child
            }
            if least == parent { break }
            entries.swapAt(parent, least)
            parent = least
        }
        return (first.at, first.event)
    }
}
