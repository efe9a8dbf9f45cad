/// Names one delivery, to acknowledge it.
///
/// It holds for the channel it came on; after that channel is gone it is void, and acknowledging it does nothing.
package struct DeliveryTag: Hashable, Sendable {
    /// Counts the channels of a connection, reconnects included.
    let session: UInt64
    let number: UInt64

    package init(session: UInt64, number: UInt64) {
        self.session = session
        self.number = number
    }
}
