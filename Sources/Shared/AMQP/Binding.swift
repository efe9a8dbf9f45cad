/// A queue's binding to an exchange.
package struct Binding: Hashable, Sendable {
    package var queue: String
    package var exchange: String
    /// A fanout exchange ignores it.
    package var routingKey: String

    package init(queue: String, exchange: String, routingKey: String = "") {
        self.queue = queue
        self.exchange = exchange
        self.routingKey = routingKey
    }
}
