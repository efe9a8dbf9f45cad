import Generation
import Messages
import Throttle

/// Columns whose cells are called several at a time.
///
/// A batch is made where calls are: of what waits on the route when there is a permit. So batches grow with the load,
/// and a lone cell waits for nobody. A cell that failed before goes alone: what is wrong with it would be charged to
/// the others again. So does one that may have ended a worker, in a child process where there are any.
extension WorkerStateMachine {
    mutating func startBatch(
        _ first: CellID, _ cell: HeldCell, _ column: CompiledColumn, _ permit: Permit, _ now: Instant
    ) {
        let route = cell.route
        var cells = [(id: first, task: cell.task)]
        begin(first, route, permit)
        if cell.mayShareCall {
            for id in takeCompanions(of: cell, column, now) {
                guard let other = ledger.cells[id] else { continue }
                ledger.start(id)
                running[id] = RunningCall(route: route, permit: nil)
                cells.append((id: id, task: other.task))
            }
        }
        actions.append(.callBatch(BatchCall(cells: cells, route: route, column: column, retries: cell.retries)))
    }

    /// Takes from the route's line what can go with a cell, at most what a batch takes.
    private mutating func takeCompanions(of cell: HeldCell, _ column: CompiledColumn, _ now: Instant) -> [CellID] {
        var taken: [CellID] = []
        var others: [CellID] = []
        // Cells of other columns are in the line, too: it is not searched to its end for one more.
        while taken.count < column.batchSize - 1, others.count < 2 * column.batchSize,
            let id = routes[cell.route]?.lines.popFirst()
        {
            guard let other = ledger.cells[id], other.isWaiting, quickTries[id] == nil else { continue }
            let fits =
                other.spec == cell.spec && other.mayShareCall && other.retries == cell.retries
                && !wouldBeHeldTooLong(other, column, now)
            if fits { taken.append(id) } else { others.append(id) }
        }
        for id in others.reversed() { routes[cell.route]?.lines.putFirst(id) }
        return taken
    }

    /// A batch ended, with a result for each of its cells, the one that holds the permit first.
    mutating func batchEnded(_ results: [(id: CellID, result: CallResult)], at now: Instant) {
        // One pause for all, so that they go together again.
        let spread = 0.5 + jitter.next()
        for (id, result) in results {
            if case .later(let failure, let pause) = result {
                callEnded(id, .later(failure, after: pause * spread), at: now)
            } else {
                callEnded(id, result, at: now)
            }
        }
    }
}

extension HeldCell {
    fileprivate var mayShareCall: Bool { task.attempt == 1 && !isAlone && requeues < 2 }
}
