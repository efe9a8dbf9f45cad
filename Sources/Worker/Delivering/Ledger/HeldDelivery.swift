import AMQP
import Messages

/// A delivery that is not acknowledged yet.
struct HeldDelivery: Sendable {
    let tag: DeliveryTag
    let route: Route
    let since: ContinuousClock.Instant
    /// Which of the route's subscriptions it came under.
    let subscription: Int
    /// Cells whose outcome is not confirmed; one that a task names twice counts twice.
    var open: Int
    /// Cells whose outcome is confirmed while others are open.
    var confirmed: [CellKey] = []
}
