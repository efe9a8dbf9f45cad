import AMQP

/// A route's consumer, and what it is to have.
struct OpenRoute {
    /// Nil until the broker has agreed.
    var consumer: Consumer?
    var prefetch: UInt16 = 0
}
