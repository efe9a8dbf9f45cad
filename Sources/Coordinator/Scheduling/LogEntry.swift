/// A line of the dispatch log (table `dispatches`), written only in its owner's fenced transactions.
package enum LogEntry: Sendable, Equatable {
    /// Written in the transaction that made the cells ready, or a later one; published after it committed.
    case sent(Sent)
    /// Every task of that number has the broker's confirm.
    case confirmed(DispatchNumber, job: JobNumber, group: Int)
    /// Those cells are not out under that number any more, without a value: failed, handed back or lost.
    case ended(DispatchNumber, job: JobNumber, group: Int, column: Int, records: [Int64])
}
