/// Outcomes that travel in one message.
struct OutboxBatch: Hashable, Sendable {
    /// Names one publish of them; another try has another number.
    struct ID: Hashable, Sendable {
        let serial: UInt64
    }

    let id: ID
    let lane: OutboxLane
    /// In the order in which they were put in.
    let cells: [CellID]
    let bytes: Int
}
