import DequeModule

/// Cells of one route that wait for a permit, in the order of their turn.
///
/// A cell that goes away is not searched for: whoever takes its id finds that it does not wait any more.
struct CellLine: Sendable {
    private var ids: Deque<CellID> = []

    mutating func append(_ id: CellID) { ids.append(id) }
    /// For a cell that had its turn and was sent back by the endpoint.
    mutating func putFirst(_ id: CellID) { ids.prepend(id) }
    mutating func popFirst() -> CellID? { ids.popFirst() }
    mutating func removeAll() { ids.removeAll() }

    /// Ids in the line, those that went away included.
    var count: Int { ids.count }
    var isEmpty: Bool { ids.isEmpty }
}
