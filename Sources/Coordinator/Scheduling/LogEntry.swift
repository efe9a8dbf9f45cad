package import Messages

/// A line of the dispatch log (table `dispatches`), written only in its owner's fenced transactions.
package enum LogEntry: Sendable, Equatable {
    /// Written in the transaction that made the cells ready, or a later one; published after it committed.
    case sent(Sent)
    /// Every task of that number has the broker's confirm.
    case confirmed(DispatchNumber, job: JobNumber, group: Int)
    /// Those cells are not out under that number any more, without a value.
    case ended(
        DispatchNumber, job: JobNumber, group: Int, column: Int, records: [Int64], because: EndCause = .answered)
    /// Where the conversation of a cell stood that was handed back under that number.
    case conversation(DispatchNumber, job: JobNumber, group: Int, column: Int, record: Int64, body: [UInt8])
}

/// Why a cell is not out any more; the raw value is the entry's word in the table.
package enum EndCause: String, Sendable, CaseIterable {
    /// It failed, was handed back, or its record was dropped.
    case answered = "ended"
    /// A worker's child process died with it.
    case died
    /// The broker lost its task.
    case lost
}
