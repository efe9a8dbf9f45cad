import Messages

/// Entries for the dispatch log, in order, until a transaction takes them.
///
/// Cells of one dispatch that end one after another go into one entry, so that a batch of failures is one row.
struct DispatchLog: Sendable {
    private struct Ended: Sendable, Equatable {
        let number: DispatchNumber
        let job: JobNumber
        let group: Int
        let column: Int
        let cause: EndCause
    }

    private var entries: [LogEntry] = []
    /// What the last entry will be, once it is whole.
    private var ended: Ended?
    private var endedRecords: [Int64] = []

    mutating func append(_ entry: LogEntry) {
        close()
        entries.append(entry)
    }

    mutating func appendEnded(_ cell: Cell, group: Int, number: DispatchNumber, because cause: EndCause) {
        let next = Ended(number: number, job: cell.job, group: group, column: cell.column, cause: cause)
        if ended != next {
            close()
            ended = next
        }
        endedRecords.append(cell.record)
    }

    mutating func take() -> [LogEntry] {
        close()
        defer { entries.removeAll(keepingCapacity: true) }
        return entries
    }

    private mutating func close() {
        guard let ended else { return }
        entries.append(
            .ended(
                ended.number, job: ended.job, group: ended.group, column: ended.column, records: endedRecords,
                because: ended.cause))
        self.ended = nil
        endedRecords = []
    }
}
