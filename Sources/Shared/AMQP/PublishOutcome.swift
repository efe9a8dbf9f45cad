/// What became of a published message.
package enum PublishOutcome: Hashable, Sendable {
    /// The broker has taken responsibility: the message is in every queue it was routed to (and on disk, if it is
    /// persistent and the queue durable).
    case confirmed
    /// The broker could not take it (basic.nack). It is not queued, or not safely.
    case refused
    /// No queue took it and none will: nothing is bound (312), the exchange does not exist (404), this user may not
    /// (403), or AMQP cannot carry it (311, 502).
    case returned(code: Int, text: String)
    /// There was no connection, or it was lost before the confirm: the message may or may not be queued.
    case lost
}
