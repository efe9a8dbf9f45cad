/// A consumer as its connection keeps it; used on the connection's loop only.
final class Subscription {
    let id: UInt64
    let configuration: ConsumerConfiguration
    let onEvent: @Sendable (ConsumerEvent) -> Void
    var machine: ConsumerStateMachine
    var channel: Channel?
    /// Of the channel that is open or was last.
    var session: UInt64 = 0
    var ledger = DeliveryLedger()
    var backoff: Backoff
    var onFirstResult: ((Result<Void, AMQPError>) -> Void)?
    var onFinished: [() -> Void] = []

    init(
        id: UInt64, configuration: ConsumerConfiguration, backoff: Backoff,
        onEvent: @escaping @Sendable (ConsumerEvent) -> Void
    ) {
        self.id = id
        self.configuration = configuration
        self.onEvent = onEvent
        self.backoff = backoff
        machine = ConsumerStateMachine(name: "tessera.\(id)", prefetch: configuration.prefetch)
    }
}
