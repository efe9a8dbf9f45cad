import Messages

/// What a message is about: a cell, under the number it was sent.
struct CellKey: Hashable, Sendable {
    let job: String
    let number: DispatchNumber
    let column: UInt32
    let record: Int64
}
