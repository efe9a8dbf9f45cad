/// Cells of one column of one row group, sent under one number.
package struct Sent: Sendable, Equatable {
    package let number: DispatchNumber
    package let job: JobNumber
    package let group: Int
    package let column: Int
    package let route: String
    package var records: [Int64]
    /// Parallel to `records`, from 1.
    package var attempts: [Int]

    package init(
        number: DispatchNumber, job: JobNumber, group: Int, column: Int, route: String, records: [Int64],
        attempts: [Int]
    ) {
        self.number = number
        self.job = job
        self.group = group
        self.column = column
        self.route = route
        self.records = records
        self.attempts = attempts
    }
}

/// A line of the dispatch log (table `dispatches`), written only in its owner's fenced transactions.
package enum LogEntry: Sendable, Equatable {
    /// Written in the transaction that made the cells ready, or a later one; published after it committed.
    case sent(Sent)
    /// Every task of that number has the broker's confirm.
    case confirmed(DispatchNumber, job: JobNumber, group: Int)
    /// Those cells are not out under that number any more, without a value: failed, handed back or lost.
    case ended(DispatchNumber, job: JobNumber, group: Int, column: Int, records: [Int64])
}
