import FoundationEssentials
import Generation
import Messages

/// Files that stand beside a prompt, and files that calls make.
extension WorkerService {
    /// The files that a call needs: those that the media of its prompt are, unless its messages are here already.
    func fileNames(_ call: CellCall) -> [FileName] {
        if call.conversation != nil, call.place == .worker { return [] }
        let names = call.column.files(of: call.task.inputs)
        guard !names.isEmpty, let job = machine.ledger.cells[call.cell]?.key.job else { return [] }
        return names.map { FileName(job: job, name: $0) }
    }

    /// A call ended. One that made files counts as under way until they are kept.
    func ended(_ cell: CellID, _ result: CallResult) {
        if case .value(var value) = result, !value.files.isEmpty, let job = machine.ledger.cells[cell]?.key.job {
            let made = value.files.map { (FileName(job: job, name: $0.name), [UInt8]($0.body)) }
            value.files = []
            _ = files.send(made, for: cell)
            unkept[cell] = value
        } else {
            machine.callEnded(cell, result, at: .now)
        }
        actSoon()
    }

    /// Goes on with cells whose files are here, or kept.
    func resume(_ cells: [CellID]) {
        for cell in cells {
            if let call = parked.removeValue(forKey: cell) {
                start(call)
            } else if let value = unkept.removeValue(forKey: cell) {
                machine.callEnded(cell, .value(value), at: .now)
            }
        }
        actSoon()
    }

    /// True when the cell waited for files, and does not any more: nothing of it runs.
    func cancelFiles(of cell: CellID) -> Bool {
        let wasParked = parked.removeValue(forKey: cell) != nil
        guard unkept.removeValue(forKey: cell) != nil || wasParked else { return false }
        files.forget(cell)
        machine.callEnded(cell, .cancelled, at: .now)
        actSoon()
        return true
    }
}
