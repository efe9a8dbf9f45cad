import DequeModule

/// What a connection has to publish: what waits to be sent, and what was sent and waits for its confirm.
struct Publisher {
    struct Token {
        let batch: PublishBatch
        let index: Int

        var message: OutgoingMessage { batch.messages[index] }
        func settle(_ outcome: PublishOutcome) { batch.settle(index, outcome) }
    }

    /// The confirm channel; nil while there is none, and nothing is sent.
    var channel: Channel?
    var ledger = ConfirmLedger<Token>()
    /// The message that waits longest for its confirm, and since when it has been seen to.
    private var oldest: (number: UInt64, since: ContinuousClock.Instant)?
    private var waiting: Deque<PublishBatch> = []
    /// The next message of the first batch.
    private var nextIndex = 0

    var isIdle: Bool { waiting.isEmpty && ledger.outstanding == 0 }

    mutating func add(_ batch: PublishBatch) {
        if !batch.messages.isEmpty { waiting.append(batch) }
    }

    /// The next message to send; it waits no more.
    mutating func takeNext() -> Token? {
        guard let batch = waiting.first else { return nil }
        let token = Token(batch: batch, index: nextIndex)
        nextIndex += 1
        if nextIndex == batch.messages.count {
            waiting.removeFirst()
            nextIndex = 0
        }
        return token
    }

    var hasWaiting: Bool { !waiting.isEmpty }

    /// The broker closed the channel: for a message to an exchange that is not there, or that this user may not use.
    /// Only such a message is told so; about the others nothing is known.
    mutating func channelClosed(code: Int, text: String) {
        channel = nil
        reset { token in
            let isGuilty = (code == 404 || code == 403) && text.contains("'\(token.message.exchange)'")
            return isGuilty ? .returned(code: code, text: text) : .lost
        }
    }

    /// The connection is gone: what was sent and what waits is lost.
    mutating func connectionLost() {
        channel = nil
        reset { _ in .lost }
        while let token = takeNext() { token.settle(.lost) }
    }

    /// How long the broker has owed the oldest confirm; to be asked now and then. Time while it is blocked does not
    /// count.
    mutating func confirmDelay(at now: ContinuousClock.Instant, isBlocked: Bool) -> Duration {
        guard !isBlocked, let number = ledger.oldestNumber else {
            oldest = nil
            return .zero
        }
        if let oldest, oldest.number == number { return oldest.since.duration(to: now) }
        oldest = (number, now)
        return .zero
    }

    private mutating func reset(_ outcome: (Token) -> PublishOutcome) {
        oldest = nil
        ledger.reset(outcome) { token, outcome in token.settle(outcome) }
    }
}
