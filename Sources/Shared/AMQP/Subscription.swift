/// A consumer as its connection keeps it; used on the connection's loop only.
final class Subscription {
    let id: UInt64
    let configuration: ConsumerConfiguration
    let onEvent: @Sendable (ConsumerEvent) -> Void
    var machine: ConsumerStateMachine
    /// Weak, since the channel holds its consumer.
    weak var channel: Channel?
    /// Of the channel that is open or was last.
    var session: UInt64 = 0
    var ledger = ChannelLedger()
    var backoff: Backoff
    /// The broker did not answer for its queue, which cost the connection: it waits longer than the others before it
    /// tries on the next one, so that one queue without a leader does not keep all consumers away.
    var isHeldOff = false
    var holdOff: Backoff
    var onFirstResult: ((Result<Void, AMQPError>) -> Void)?
    var onFinished: [() -> Void] = []

    init(
        id: UInt64, configuration: ConsumerConfiguration, retryDelay: ClosedRange<Duration>,
        onEvent: @escaping @Sendable (ConsumerEvent) -> Void
    ) {
        self.id = id
        self.configuration = configuration
        self.onEvent = onEvent
        backoff = Backoff(retryDelay)
        holdOff = Backoff(retryDelay.upperBound * 10...retryDelay.upperBound * 300)
        machine = ConsumerStateMachine(name: "tessera.\(id)", prefetch: configuration.prefetch)
    }
}
