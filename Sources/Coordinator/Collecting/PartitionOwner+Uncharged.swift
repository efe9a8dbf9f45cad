import Messages
import Scheduling
import Store

/// Cells that came back without a value, and are not charged: handed back, or lost with the process that had them.
extension PartitionOwner {
    func takeBack(_ returned: WireReturned, _ cell: Cell, _ number: DispatchNumber, _ writes: inout TurnWrites) {
        countUse(of: cell, returned.calls, returned.inputTokens, returned.outputTokens, &writes)
        let conversation = returned.hasConversation ? returned.conversation.kept : nil
        switch scheduler.returned(cell, under: number, conversation: conversation) {
        case .ready: writes.usage[.init(cell), default: .init()].returned += 1
        case .waste: writes.usage[.init(cell), default: .init()].wasted += 1
        }
    }

    /// A cell that ends whatever has it is given up with the kind `poison`.
    func count(
        _ death: WireChildDeath, _ cell: Cell, _ number: DispatchNumber, worker: String, _ writes: inout TurnWrites
    ) {
        switch scheduler.childDied(with: cell, under: number) {
        case .waste: writes.usage[.init(cell), default: .init()].wasted += 1
        case .again: writes.usage[.init(cell), default: .init()].childDeaths += 1
        case .poisoned(let deaths):
            writes.usage[.init(cell), default: .init()].childDeaths += 1
            let failure = WireFailure(
                kind: "poison",
                message: "\(deaths) processes died with it, the last \(deaths - 1) with nothing else in them: "
                    + death.message)
            drop(cell, failure, worker: worker, &writes)
            judge(cell, failed: true, failure, &writes)
        }
    }

    /// What calls that brought no value used.
    func countUse(
        of cell: Cell, _ calls: UInt32, _ inputTokens: UInt32, _ outputTokens: UInt32, _ writes: inout TurnWrites
    ) {
        writes.usage[.init(cell), default: .init()].calls += Int64(calls)
        writes.usage[.init(cell), default: .init()].inputTokens += Int64(inputTokens)
        writes.usage[.init(cell), default: .init()].outputTokens += Int64(outputTokens)
        jobs[cell.job]?.tokens += Int64(inputTokens) + Int64(outputTokens)
    }
}
