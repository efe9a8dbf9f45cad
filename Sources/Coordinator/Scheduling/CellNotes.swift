/// What is known of few cells of a row group beside their state, by their index in it.
struct CellNotes: Sendable {
    /// Child processes that died with the cell.
    var deaths: [Int: Int] = [:]
    /// How often the broker lost its task.
    var losses: [Int: Int] = [:]
    /// How often tasks of it came back to their queue before it was handed back: a hint that it ends workers, which
    /// needs not survive a takeover.
    var requeues: [Int: Int] = [:]
    /// Where its conversation stood when it was handed back: an encoded message, which only workers read.
    var conversations: [Int: [UInt8]] = [:]
}
