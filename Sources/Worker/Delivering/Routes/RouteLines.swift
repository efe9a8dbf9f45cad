/// Cells of one route that wait for a call: in the order of their turn, and those that found no room with the child
/// processes.
///
/// There is nothing to wake: whoever starts calls looks at the room, which is the same for all routes, each time.
struct RouteLines: Sendable {
    private var line = CellLine()
    private var together = CellLine()
    private var alone = CellLine()

    var isEmpty: Bool { line.isEmpty && together.isEmpty && alone.isEmpty }

    /// How many could start, ids of cells that went away included.
    func count(_ room: ChildRoom) -> Int {
        if together.isEmpty, alone.isEmpty { return line.count }
        return line.count + min(together.count, room.left(for: .child))
            + min(alone.count, room.left(for: .aloneInChild))
    }

    mutating func append(_ id: CellID) { line.append(id) }
    /// For a cell that had its turn and was sent back by the endpoint.
    mutating func putFirst(_ id: CellID) { line.putFirst(id) }

    /// For a cell that finds no room at its place.
    mutating func park(_ id: CellID, for place: CallPlace) {
        switch place {
        case .worker: line.append(id)
        case .child: together.append(id)
        case .aloneInChild: alone.append(id)
        }
    }

    /// What waited for room goes first when there is some: it had its turn.
    mutating func popFirst(_ room: ChildRoom) -> CellID? {
        if !alone.isEmpty, room.left(for: .aloneInChild) > 0 { return alone.popFirst() }
        if !together.isEmpty, room.left(for: .child) > 0 { return together.popFirst() }
        return line.popFirst()
    }

    /// The next of those that need no room.
    mutating func popFirst() -> CellID? { line.popFirst() }

    mutating func removeAll() { self = RouteLines() }
}
