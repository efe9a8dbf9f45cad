/// What is known of the few cells that did not end at their first try.
extension PartitionScheduler {
    /// Whether the cell is to have a child process for itself: one died with it.
    package func mustBeAlone(_ cell: Cell) -> Bool { notes(of: cell) { $0.deaths[$1] } ?? 0 > 0 }

    /// Where its conversation stood when it was handed back; nil: it begins.
    package func conversation(of cell: Cell) -> [UInt8]? { notes(of: cell) { $0.conversations[$1] } }

    /// How often its tasks came back to their queue before it was handed back.
    package func requeues(of cell: Cell) -> Int { notes(of: cell) { $0.requeues[$1] } ?? 0 }

    /// How often the broker lost its task.
    package func losses(of cell: Cell) -> Int { notes(of: cell) { $0.losses[$1] } ?? 0 }

    private func notes<Note>(of cell: Cell, _ read: (CellNotes, Int) -> Note?) -> Note? {
        guard let (group, offset) = locate(cell), let progress = jobs[cell.job]?.groups[group] else { return nil }
        return read(progress.notes, progress.index(offset, cell.column))
    }
}
