import Messages

/// How a cell's stay in this worker ends.
enum CellOutcome: Sendable {
    /// Goes to `tessera.results`.
    case value(WireResultCell)
    /// Charged to the cell. Goes to `tessera.salvage`, as does `returned`.
    case failed(WireFailure)
    /// Handed back, not charged.
    case returned(WireReturned)
    /// The child process that called for it died; not charged, and counted by the coordinator.
    case childDeath(WireChildDeath)

    var isValue: Bool { if case .value = self { true } else { false } }

    /// The cell is neither there nor charged.
    var isUncharged: Bool {
        switch self {
        case .value, .failed: false
        case .returned, .childDeath: true
        }
    }

    /// About what it adds to a message.
    var bytes: Int {
        switch self {
        case .value(let cell):
            cell.sideValues.reduce(cell.value.bytes + 48) { $0 + $1.bytes + 8 }
        case .failed(let failure): failure.message.utf8.count + 96
        case .returned(let returned): returned.message.utf8.count + returned.conversation.bytes + 64
        case .childDeath(let death): death.message.utf8.count + 64
        }
    }
}

extension CellOutcome {
    /// A value that no message can carry is a failure that no retry mends; such a conversation begins anew.
    var withinMessages: CellOutcome {
        guard bytes > WireValue.largestBytes else { return self }
        if case .returned(var returned) = self {
            returned.clearConversation()
            return .returned(returned)
        }
        guard isValue else { return self }
        return .failed(
            filled(WireFailure()) {
                $0.kind = "too_large"
                $0.message = "its value has \(bytes) bytes; a message carries \(WireValue.largestBytes)"
            })
    }
}

extension WireConversation {
    var bytes: Int { messages.reduce(0) { $0 + $1.text.utf8.count + $1.reasoning.utf8.count + 32 } }
}
