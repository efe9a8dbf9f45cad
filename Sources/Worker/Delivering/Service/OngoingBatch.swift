/// A batch's call while it is under way.
struct OngoingBatch {
    let call: BatchCall
    /// Cells that were asked back; the call goes on for the others.
    var cancelled: Set<CellID> = []
}
