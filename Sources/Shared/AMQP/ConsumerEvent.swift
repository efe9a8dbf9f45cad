/// What happens to a consumer.
package enum ConsumerEvent: Sendable {
    /// All that one wake-up read, in order.
    case deliveries([Delivery])
    /// The broker ended the consumption, as when its queue was deleted. It is tried again; tags stay valid.
    case cancelledByBroker
    /// The channel or the connection is gone: every earlier tag is void, what was unacknowledged goes back to the
    /// queue. It is tried again.
    case lost
    /// Consuming again after `cancelledByBroker` or `lost`.
    case resumed
}
