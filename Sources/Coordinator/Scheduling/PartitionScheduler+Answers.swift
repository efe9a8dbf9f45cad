package import Messages

extension PartitionScheduler {
    /// What becomes of a value that came in.
    package enum ValueVerdict: Sendable, Equatable {
        /// The first for its cell: to be stored.
        case store
        /// Its cell has one, or its record is dropped, or its job or row group is over: counted and acknowledged.
        case waste
    }

    /// What becomes of a failed attempt.
    package enum FailureVerdict: Sendable, Equatable {
        /// Charged as this attempt; the cell may be sent again.
        case charged(attempt: Int)
        /// Charged, and the record is dropped by it.
        case dropped(attempt: Int)
        /// Charged, and the cell is null from now on: to be stored as that.
        case kept(attempt: Int)
        case waste
    }

    /// What becomes of a cell that was handed back.
    package enum ReturnVerdict: Sendable, Equatable { case ready, waste }

    /// A value came from a worker: stored if its cell has none, whatever its number.
    package mutating func value(for cell: Cell) -> ValueVerdict {
        guard isWanted(cell), isModelCell(cell) else { return .waste }
        finish(cell)
        return .store
    }

    /// The answer to `takeComputable`: the cell's value is there, or the cell is left out.
    package mutating func computed(_ cell: Cell) {
        guard isWanted(cell) else { return }
        finish(cell)
    }

    /// The answer to `takeComputable` for a model cell that is not left out: it waits for credit.
    package mutating func wanted(_ cell: Cell) {
        guard let plan = jobs[cell.job]?.plan, isModelCell(cell), let (group, offset) = locate(cell),
            jobs[cell.job]?.groups[group]?.isReady(offset, cell.column) == true
        else { return }
        enqueue(cell.job, plan, group, offset, cell.column)
    }

    /// A failure counts only if the cell is out under its number: so a repeated message is never charged twice.
    ///
    /// - Parameter retry: when the cell may be sent again; nil when it must not: the record is dropped.
    package mutating func failure(
        of cell: Cell, under number: DispatchNumber, retryAt retry: ContinuousClock.Instant?
    ) -> FailureVerdict {
        guard let plan = jobs[cell.job]?.plan, takeBack(cell, under: number), let (group, offset) = locate(cell) else {
            return .waste
        }
        let attempt = jobs[cell.job]?.groups[group]?.countFailure(offset, cell.column) ?? 0
        let counted = jobs[cell.job]?.groups[group]?.countedFailures(offset, cell.column) ?? 0
        guard let retry, counted < plan.maximumAttempts else {
            if keep(cell) { return .kept(attempt: attempt) }
            drop(record: cell.record, of: cell.job)
            return .dropped(attempt: attempt)
        }
        delayed.insert(cell, due: retry)
        return .charged(attempt: attempt)
    }

    /// Where the job keeps records whose cells fail: the cell counts as there, and is null. False: drop the record.
    package mutating func keep(_ cell: Cell) -> Bool {
        guard jobs[cell.job]?.plan.keepsFailed == true, isWanted(cell), let (group, offset) = locate(cell) else {
            return false
        }
        jobs[cell.job]?.groups[group]?.noteNull(offset)
        finish(cell)
        return true
    }

    /// A cell was handed back uncharged: it is ready again, if it is out under that number.
    ///
    /// - Parameters:
    ///   - requeues: how often its tasks came back to their queue.
    ///   - conversation: where it goes on when it is called again; nil: it begins.
    package mutating func returned(
        _ cell: Cell, under number: DispatchNumber, requeues: Int = 0, conversation: [UInt8]? = nil
    ) -> ReturnVerdict {
        guard let plan = jobs[cell.job]?.plan, takeBack(cell, under: number), let (group, offset) = locate(cell) else {
            return .waste
        }
        jobs[cell.job]?.groups[group]?.keepConversation(offset, cell.column, conversation)
        jobs[cell.job]?.groups[group]?.keepRequeues(offset, cell.column, requeues)
        if let conversation {
            log.append(
                .conversation(
                    number, job: cell.job, group: group, column: cell.column, record: cell.record, body: conversation))
        }
        enqueue(cell.job, plan, group, offset, cell.column)
        return .ready
    }

    /// The record will not be complete. What is out of it becomes waste when it comes back. False if it was decided.
    @discardableResult
    package mutating func drop(record: Int64, of job: JobNumber) -> Bool {
        guard let plan = jobs[job]?.plan, let (group, offset) = locate(Cell(job: job, record: record, column: 0)),
            jobs[job]?.groups[group]?.recordState(offset) == .pending
        else { return false }
        for column in jobs[job]?.groups[group]?.drop(offset) ?? [] {
            if case .model(let route) = plan.roles[column] { jobs[job]?.out[route, default: 0] -= 1 }
            // Else a retry of the record would find the cell out, and wait for an answer that came and was waste.
            if let number = jobs[job]?.groups[group]?.number(offset, column) {
                log.appendEnded(
                    Cell(job: job, record: record, column: column), group: group, number: number, because: .answered)
            }
        }
        if jobs[job]?.groups[group]?.isFinished == true { markFinished(job, group) }
        return true
    }

    /// Cells whose backoff is over become ready.
    package mutating func wakeDelayed(at now: ContinuousClock.Instant) {
        while let cell = delayed.popDue(at: now) {
            guard isWanted(cell), let plan = jobs[cell.job]?.plan, let (group, offset) = locate(cell) else { continue }
            enqueue(cell.job, plan, group, offset, cell.column)
        }
    }

    /// When `wakeDelayed` has something to do.
    package var nextWake: ContinuousClock.Instant? { delayed.nextDue }

    private func isModelCell(_ cell: Cell) -> Bool {
        jobs[cell.job]?.plan.route(of: cell.column) != nil
    }

    private mutating func finish(_ cell: Cell) {
        guard let plan = jobs[cell.job]?.plan, let (group, offset) = locate(cell) else { return }
        let wasOut = jobs[cell.job]?.groups[group]?.state(offset, cell.column) == .out
        if wasOut, case .model(let route) = plan.roles[cell.column] { jobs[cell.job]?.out[route, default: 0] -= 1 }
        for column in jobs[cell.job]?.groups[group]?.finish(offset, cell.column, plan: plan) ?? [] {
            becomeReady(cell.job, plan, group, offset, column)
        }
        if jobs[cell.job]?.groups[group]?.isFinished == true { markFinished(cell.job, group) }
    }

    /// Ends the cell's being out under that number; false if it is not.
    mutating func takeBack(
        _ cell: Cell, under number: DispatchNumber, because cause: EndCause = .answered
    ) -> Bool {
        guard let (group, offset) = locate(cell),
            jobs[cell.job]?.groups[group]?.isOut(offset, cell.column, under: number) == true,
            case .model(let route) = jobs[cell.job]?.plan.roles[cell.column]
        else { return false }
        jobs[cell.job]?.groups[group]?.takeBack(offset, cell.column)
        jobs[cell.job]?.out[route, default: 0] -= 1
        log.appendEnded(cell, group: group, number: number, because: cause)
        return true
    }
}
