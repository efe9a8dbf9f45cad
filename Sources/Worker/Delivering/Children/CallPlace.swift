/// In which process a call is made.
enum CallPlace: Hashable, Sendable {
    case worker
    /// A child process, together with others: the cell's task came back to its queue twice, maybe because of it.
    case child
    /// A child process that has no other cell: one that held this cell died.
    case aloneInChild
}
