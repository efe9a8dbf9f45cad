/// One consumer: its channel, its subscription on it, and what to do next about either.
///
/// The prefetch wanted is reached by steps: a subscription with another prefetch is cancelled, and once that is
/// confirmed a new one is started under a new tag (the tag of an earlier one ends the whole connection on
/// RabbitMQ 3.10). Deliveries stay valid all the while. After a loss the consumer comes back by itself once it is told
/// that it may (`connectionReady`, `retryDue`).
struct ConsumerStateMachine {
    enum Action: Equatable {
        case openChannel
        /// basic.qos and basic.consume; their answers come back as `consuming`.
        case start(tag: String, prefetch: UInt16)
        case cancel(tag: String)
        case closeChannel
        /// The consumer works for the first time.
        case established
        /// It was refused before it ever worked, and is over.
        case failed(AMQPError)
        case announce(Announcement)
        /// `retryDue` is to be called after a while, the queue having been declared again.
        case retryLater
        /// The channel is closed as was asked; the consumer is over.
        case finished
    }

    enum Announcement: Equatable {
        case cancelledByBroker
        case lost
        case resumed
    }

    private enum Channel {
        case absent
        case opening
        case open
        case closing
        case over
    }

    private enum Subscription: Equatable {
        case none
        case starting(tag: String, prefetch: UInt16)
        case active(tag: String, prefetch: UInt16)
        case stopping(tag: String)
    }

    private let name: String
    private var subscriptions = 0
    private var wantedPrefetch: UInt16
    private var channel = Channel.absent
    private var subscription = Subscription.none
    private var isEstablished = false
    /// The broker ended the subscription: none is started before `retryDue`.
    private var isSuspended = false
    /// Something was announced that `resumed` has to follow.
    private var owesResumed = false
    /// The tags of the last channel are already known to be void.
    private var hasAnnouncedLoss = false

    /// - Parameter name: the first part of its consumer tags; no other consumer of the connection may have it.
    init(name: String, prefetch: UInt16) {
        self.name = name
        wantedPrefetch = prefetch
    }

    var isOver: Bool { channel == .over }

    /// The connection is up and its topology declared.
    mutating func connectionReady() -> [Action] {
        guard channel == .absent else { return [] }
        channel = .opening
        return [.openChannel]
    }

    mutating func channelOpened() -> [Action] {
        guard channel == .opening else { return [] }
        channel = .open
        isSuspended = false
        return wantedPrefetch == 0 ? healthy() : advance()
    }

    mutating func consuming() -> [Action] {
        guard channel == .open, case .starting(let tag, let prefetch) = subscription else { return [] }
        subscription = .active(tag: tag, prefetch: prefetch)
        return healthy() + advance()
    }

    mutating func cancelConfirmed() -> [Action] {
        guard channel == .open, case .stopping = subscription else { return [] }
        subscription = .none
        return advance()
    }

    mutating func setPrefetch(_ prefetch: UInt16) -> [Action] {
        wantedPrefetch = prefetch
        return advance()
    }

    /// basic.cancel from the broker.
    mutating func cancelledByBroker(tag: String) -> [Action] {
        switch subscription {
        case .starting(tag, _), .active(tag, _): subscription = .none
        // Its answer to our own cancel still comes.
        case .stopping(tag): break
        default: return []
        }
        guard channel == .open, !isSuspended else { return [] }
        isSuspended = true
        owesResumed = true
        return [.announce(.cancelledByBroker), .retryLater]
    }

    /// The broker closed the channel.
    mutating func channelClosed(_ error: AMQPError) -> [Action] {
        switch channel {
        case .absent, .over: []
        case .closing: finish()
        case .opening, .open: isEstablished ? lose() + [.retryLater] : fail(error)
        }
    }

    mutating func connectionLost(_ error: AMQPError) -> [Action] {
        switch channel {
        case .over: []
        case .closing: finish()
        case .absent where isEstablished: []
        case .absent, .opening, .open: isEstablished ? lose() : fail(error)
        }
    }

    /// The wait after `retryLater` is over. Without a connection nothing happens: `connectionReady` will come.
    mutating func retryDue(isConnected: Bool) -> [Action] {
        if channel == .absent { return isConnected ? connectionReady() : [] }
        isSuspended = false
        return advance()
    }

    mutating func close() -> [Action] {
        switch channel {
        case .absent: return finish()
        case .opening, .open:
            channel = .closing
            subscription = .none
            return [.closeChannel]
        case .closing, .over: return []
        }
    }

    mutating func channelCloseConfirmed() -> [Action] {
        channel == .closing ? finish() : []
    }

    /// The next step from the subscription there is to the one wanted.
    private mutating func advance() -> [Action] {
        guard channel == .open else { return [] }
        switch subscription {
        case .none where wantedPrefetch > 0 && !isSuspended:
            subscriptions += 1
            let tag = "\(name).\(subscriptions)"
            subscription = .starting(tag: tag, prefetch: wantedPrefetch)
            return [.start(tag: tag, prefetch: wantedPrefetch)]
        case .active(let tag, let prefetch) where prefetch != wantedPrefetch:
            subscription = .stopping(tag: tag)
            return [.cancel(tag: tag)]
        default:
            return []
        }
    }

    private mutating func healthy() -> [Action] {
        hasAnnouncedLoss = false
        if !isEstablished {
            isEstablished = true
            return [.established]
        }
        guard owesResumed else { return [] }
        owesResumed = false
        return [.announce(.resumed)]
    }

    private mutating func lose() -> [Action] {
        channel = .absent
        subscription = .none
        isSuspended = false
        owesResumed = true
        if hasAnnouncedLoss { return [] }
        hasAnnouncedLoss = true
        return [.announce(.lost)]
    }

    private mutating func fail(_ error: AMQPError) -> [Action] {
        channel = .over
        return [.failed(error)]
    }

    private mutating func finish() -> [Action] {
        channel = .over
        subscription = .none
        return [.finished]
    }
}
