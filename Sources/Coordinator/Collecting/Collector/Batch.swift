import AMQP
import Messages

/// Deliveries that one transaction deals with, with what they say.
struct Batch: Sendable {
    struct Entry<Message: Sendable>: Sendable {
        let delivery: Delivery
        let message: Result<Message, WireError>
    }

    var results: [Entry<WireResults>] = []
    var salvage: [Entry<WireSalvage>] = []

    var isEmpty: Bool { results.isEmpty && salvage.isEmpty }
}
