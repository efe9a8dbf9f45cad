/// A body that cannot be read, until its copy on `tessera.dead` is confirmed.
struct DeadLetter: Sendable {
    let delivery: DeliveryID
    let body: [UInt8]
    /// Why, for the header.
    let reason: String
}
