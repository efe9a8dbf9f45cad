import DequeModule

/// One AMQP channel of a live connection; used on the connection's loop only.
final class Channel {
    enum Owner {
        /// The connection itself (channel 0), or one operation that closes its channel when done.
        case connection
        case publisher
        case consumer(Subscription)
    }

    typealias Completion = (Result<Reply, AMQPError>) -> Void

    private struct Call {
        let reply: Reply.Kind
        let operation: String
        let since: ContinuousClock.Instant
        let completion: Completion
    }

    let number: UInt16
    let owner: Owner
    var assembler = ContentAssembler()
    /// Read in this wake-up and not yet handed on.
    var deliveries: [Delivery] = []
    /// This side asked to close it: messages that still come are ignored.
    var isClosing = false
    /// The answers to direct reply-to come here. Asking for that twice would end the connection.
    var receivesReplies = false
    /// The broker answers the calls on one channel in order.
    private var calls: Deque<Call> = []

    init(number: UInt16, owner: Owner) {
        self.number = number
        self.owner = owner
    }

    /// Since when the oldest unanswered call waits.
    var waitingSince: ContinuousClock.Instant? { calls.first?.since }

    var waitingFor: String? { calls.first?.operation }

    func expect(_ reply: Reply.Kind, operation: String, _ completion: @escaping Completion) {
        calls.append(Call(reply: reply, operation: operation, since: .now, completion: completion))
    }

    /// - Throws: `.protocolViolation` for an answer that nothing here waits for.
    func answer(_ reply: Reply) throws(AMQPError) {
        if reply.kind == .channelClose {
            // The broker closed it at the same moment: what was asked before will not be answered.
            while let call = calls.first, call.reply != .channelClose {
                calls.removeFirst()
                call.completion(.failure(AMQPError(.closed, call.operation, "the channel was closed")))
            }
        }
        guard let call = calls.popFirst(), call.reply == reply.kind else {
            throw AMQPError(.protocolViolation, "read from the broker", "unexpected answer \(reply.kind)")
        }
        call.completion(.success(reply))
    }

    /// Every call that waits ends with an error.
    func failCalls(_ error: (_ operation: String) -> AMQPError) {
        let failed = calls
        calls = []
        for call in failed { call.completion(.failure(error(call.operation))) }
    }
}
