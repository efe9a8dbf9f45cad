import Generation
import Messages

/// A cell that a task brought, until its outcome is confirmed.
struct HeldCell: Sendable {
    enum Phase: Sendable {
        /// No call runs: it waits for its spec, for a permit, or before another try.
        case waiting
        case calling
        /// Its outcome is published, or will be. Boxed, since cells are copied more often than outcomes are made.
        indirect case answered(CellOutcome)
    }

    let key: CellKey
    let route: Route
    let partition: UInt32
    let spec: SpecHash
    /// To run in a child process, one cell at a time: its task's mark.
    let isAlone: Bool
    /// How often its tasks came back to the queue: this one, as the broker says, and those before it was handed back.
    let requeues: Int
    /// Without its inputs once it is answered.
    var task: WireTaskCell
    /// What was said so far, once an answer asked for another call; `task` holds it where a child process made the
    /// call.
    var conversation: Conversation?
    /// What calls in child processes used, beyond the one that ended it.
    var spentInChildren = CallFigures()
    var phase = Phase.waiting
    /// Those that can still be acknowledged, each of which its outcome counts for.
    var deliveries: [DeliveryID] = []
    /// Since when it waits, this time.
    var waitingSince: ContinuousClock.Instant
    /// Calls made for it here, of whatever end.
    var calls = 0
    /// Calls that failed by their own fault and were made again: here, and where the cell was handed back before.
    var retries = 0
    /// Calls in a row that failed by the endpoint's fault.
    var endpointFailures = 0

    /// What is kept of its conversation when it is handed back.
    var keptConversation: WireConversation? {
        if let kept = conversation?.kept { return kept }
        // Else a call that fails by its own fault each time would never be charged, where its pauses outlast the holding.
        if retries > 0 { return filled(WireConversation()) { $0.retries = UInt32(clamping: retries) } }
        return task.hasConversation ? task.conversation : nil
    }

    var isWaiting: Bool { if case .waiting = phase { true } else { false } }
    var isCalling: Bool { if case .calling = phase { true } else { false } }
    var outcome: CellOutcome? { if case .answered(let outcome) = phase { outcome } else { nil } }
}
