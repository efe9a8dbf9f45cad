/// What workers tell each other about one key.
package enum LimitMessage: Hashable, Sendable {
    case beat(PeerBeat)
    /// The endpoint asked for a pause; a duration, since clocks differ.
    case pause(Duration)
    /// What a worker has in flight and what became of its calls, for the key's leader.
    case report(LimitReport)
    /// What the key's leader decided.
    case grant(LimitGrant)
}

/// A worker's sign of life, as far as it is about one key.
package struct PeerBeat: Hashable, Sendable {
    package let worker: String
    /// Grows with each beat of a worker; a lower one is out of date.
    package let number: UInt64
    /// Calls of this key in flight there.
    package let inFlight: Int
    /// It starts nothing any more, and finishes what runs.
    package let isDraining: Bool
    /// Its last beat.
    package let isLeaving: Bool

    package init(
        worker: String, number: UInt64, inFlight: Int, isDraining: Bool = false, isLeaving: Bool = false
    ) {
        self.worker = worker
        self.number = number
        self.inFlight = inFlight
        self.isDraining = isDraining
        self.isLeaving = isLeaving
    }
}

/// A message and who is to have it.
package struct OutgoingLimitMessage: Hashable, Sendable {
    package enum Destination: Hashable, Sendable {
        /// The fanout exchange.
        case everyone
        /// The worker of that id.
        case worker(String)
    }

    package let destination: Destination
    package let message: LimitMessage
}
