import Generation
import Messages

/// A call to make for cells of one column together.
struct BatchCall: Sendable {
    /// The first of them names the call, and holds its permit.
    let cells: [(id: CellID, task: WireTaskCell)]
    let route: Route
    let column: CompiledColumn
    /// How often it was made again because it failed by its own fault.
    let retries: Int
}
