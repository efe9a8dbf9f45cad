/// Cells that failed and may be sent again only after their backoff.
struct DelayedCells: Sendable {
    private struct Entry: Sendable {
        let due: ContinuousClock.Instant
        let cell: Cell
    }

    /// Sorted by `due`, latest first; failures are rare, so an insertion may cost a move.
    private var entries: [Entry] = []

    var nextDue: ContinuousClock.Instant? { entries.last?.due }

    mutating func insert(_ cell: Cell, due: ContinuousClock.Instant) {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].due > due { low = middle + 1 } else { high = middle }
        }
        entries.insert(Entry(due: due, cell: cell), at: low)
    }

    mutating func popDue(at now: ContinuousClock.Instant) -> Cell? {
        guard let last = entries.last, last.due <= now else { return nil }
        return entries.removeLast().cell
    }

    mutating func removeAll(of job: JobNumber) { entries.removeAll { $0.cell.job == job } }
}
