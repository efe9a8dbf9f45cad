/// Names one dispatch of the coordinator's log; never given twice.
struct DispatchNumber: Hashable, Sendable {
    let generation: Int64
    let sequence: Int64
}
