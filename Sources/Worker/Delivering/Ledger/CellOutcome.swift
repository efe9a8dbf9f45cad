import Messages

/// How a cell's stay in this worker ends.
enum CellOutcome: Sendable {
    /// Goes to `tessera.results`.
    case value(WireResultCell)
    /// Charged to the cell. Goes to `tessera.salvage`, as does `returned`.
    case failed(WireFailure)
    /// Handed back, not charged.
    case returned(WireReturned)

    var isValue: Bool { if case .value = self { true } else { false } }

    /// About what it adds to a message.
    var bytes: Int {
        switch self {
        case .value(let cell):
            switch cell.value.kind {
            case .text(let text), .json(let text): text.utf8.count + 48
            case nil: 48
            }
        case .failed(let failure): failure.message.utf8.count + 96
        case .returned(let returned): returned.message.utf8.count + 64
        }
    }
}
