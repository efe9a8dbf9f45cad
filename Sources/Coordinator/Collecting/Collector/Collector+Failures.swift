import CellValues
import JSON
import Logging
import Messages
import Scheduling
import Store
import Workflow

/// Cells that fail: charged and tried again, kept as null, or their record dropped.
extension Collector {
    /// - Returns: false when the cell is not out under that number: the failure is waste.
    mutating func charge(
        _ failure: WireFailure, to cell: Cell, under number: DispatchNumber, worker: String,
        now: ContinuousClock.Instant
    ) -> Bool {
        let wait = SalvageBackoff.delay(
            afterAttempt: scheduler.failures(of: cell) + 1, chance: Double.random(in: 0..<1, using: &randomness))
        let verdict = scheduler.failure(
            of: cell, under: number, retryAt: failure.retryable ? now.advanced(by: wait) : nil)
        switch verdict {
        case .waste: return false
        case .charged(let attempt): note(failure, of: cell, attempt: attempt, worker: worker, retryAfter: wait)
        case .dropped(let attempt):
            note(failure, of: cell, attempt: attempt, worker: worker)
            noteDrop(cell, kind: failure.kind)
            judge(cell, failed: !failure.retryable, failure.message)
        case .kept(let attempt):
            note(failure, of: cell, attempt: attempt, worker: worker)
            keepNull(cell, attempt: attempt, worker: worker)
            judge(cell, failed: !failure.retryable, failure.message)
        }
        return true
    }

    /// A child process of a worker died with the cell. One that ends whatever has it is given up, kind `poison`.
    ///
    /// - Returns: false when the cell is not out under that number.
    mutating func count(
        _ death: WireChildDeath, of cell: Cell, under number: DispatchNumber, worker: String
    ) -> Bool {
        switch scheduler.childDied(with: cell, under: number) {
        case .waste: return false
        case .again: return true
        case .poisoned(let deaths):
            let failure = WireFailure(
                kind: "poison",
                message: "\(deaths) processes died with it, the last \(deaths - 1) with nothing else in them: "
                    + death.message)
            drop(cell, failure, worker: worker)
            judge(cell, failed: true, failure.message)
            return true
        }
    }

    /// Gives a record up for what one of its cells holds, or cannot hold.
    mutating func drop(_ cell: Cell, _ failure: WireFailure, worker: String) {
        let attempt = scheduler.failures(of: cell) + 1
        if scheduler.keep(cell) {
            if case .model = jobs[cell.job]?.blueprint.makers[cell.column] {
                note(failure, of: cell, attempt: attempt, worker: worker)
                keepNull(cell, attempt: attempt, worker: worker)
            } else if let group = jobs[cell.job]?.blueprint.plan.group(of: cell.record) {
                // Computed again after a takeover, and told of once. Those that use it are called with the null.
                if attempt == 1 { note(failure, of: cell, attempt: attempt, worker: worker) }
                tables[JobGroup(job: cell.job, group: group)]?.set(.null, record: cell.record, column: cell.column)
            }
        } else if scheduler.drop(record: cell.record, of: cell.job) {
            note(failure, of: cell, attempt: attempt, worker: worker)
            noteDrop(cell, kind: failure.kind)
        }
    }

    /// Gives up records whose values no message can carry to a worker.
    mutating func dropOversized() {
        for cell in oversized where scheduler.isWanted(cell) {
            let message = "what its prompt uses has more than \(WireValue.largestBytes) bytes"
            drop(cell, WireFailure(kind: "too_large", message: message), worker: "")
        }
    }

    /// A row of the ledger.
    ///
    /// - Parameter retryAfter: nil: it is the cell's last.
    mutating func note(
        _ failure: WireFailure, of cell: Cell, attempt: Int, worker: String, retryAfter: Duration? = nil
    ) {
        decision.writes.failures.append(
            ChargedFailure(
                cell: cell, attempt: attempt, kind: failure.kind.withoutNUL, message: failure.message.withoutNUL,
                httpStatus: Int16(clamping: failure.httpStatus), finishReason: failure.finishReason.withoutNUL,
                worker: worker, retryAfter: retryAfter))
    }

    /// The scheduler dropped the record already; this writes it down and gives its memory back.
    mutating func noteDrop(_ cell: Cell, kind: String) {
        guard let blueprint = jobs[cell.job]?.blueprint else { return }
        decision.writes.drops.append(
            DroppedRecord(storage: blueprint.job.storage, cell: cell, kind: kind.withoutNUL))
        tables[JobGroup(job: cell.job, group: blueprint.plan.group(of: cell.record))]?.clear(record: cell.record)
    }

    /// The scheduler counts the cell as there: what it needs is to be stored, so that a takeover finds it.
    private mutating func keepNull(_ cell: Cell, attempt: Int, worker: String) {
        guard let blueprint = jobs[cell.job]?.blueprint else { return }
        keep(
            WireValue(.null), of: cell, blueprint,
            .init(attempt: attempt, worker: worker, finishReason: StoredValue.givenUp))
    }

    // MARK: Early shutdown

    /// Pauses a job of which too many cells fail in a way that no retry mends.
    mutating func judge(_ cell: Cell, failed: Bool, _ cause: String = "") {
        guard let verdict = jobs[cell.job]?.shutdown?.note(column: cell.column, failed: failed, cause: cause) else {
            return
        }
        shutDown(cell.job, verdict)
    }

    /// A column that has no cell left is judged by what there is of its window.
    mutating func judgeEndedColumns() {
        for key in decision.writes.usage.keys {
            guard let job = jobs[key.job], !job.hasFurtherGroups,
                let route = job.blueprint.plan.route(of: key.column),
                scheduler.cellsOut(of: key.job, route: route) == 0,
                scheduler.cellsReady(of: key.job, route: route) == 0,
                !scheduler.hasOpenCells(of: key.job, column: key.column),
                let verdict = job.shutdown?.ended(column: key.column)
            else { continue }
            shutDown(key.job, verdict)
        }
    }

    private mutating func shutDown(_ number: JobNumber, _ verdict: EarlyShutdown.Verdict) {
        guard let job = jobs[number], job.state != .paused,
            job.hasFurtherGroups || scheduler.hasPendingRecords(of: number)
        else { return }
        let name = job.blueprint.workflow.columns[verdict.column].name
        let (id, cause) = (job.blueprint.job.name, verdict.sentence(column: name))
        pause(number, "early_shutdown: \(cause); more: coordinator failures \(id); go on with: \(Self.resume(job))")
    }
}

extension WireFailure {
    init(kind: String, message: String) {
        self.init()
        self.kind = kind
        self.message = String(message.prefix(500))
    }
}
