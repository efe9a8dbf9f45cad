import Messages

/// What the database knows of an active row group when an owner takes over.
package struct RecoveredGroup: Sendable {
    package let job: JobNumber
    package let group: Int
    /// Model cells that have a value.
    package var values: [(record: Int64, column: Int)]
    package var dropped: [Int64]
    /// Records of which a value is the null of a cell that was given up.
    package var withNulls: [Int64] = []
    /// Charged attempts so far, those of them that a retry forgave, and how long the cell must still wait (zero: it
    /// need not).
    package var failures: [(record: Int64, column: Int, attempts: Int, forgiven: Int, wait: Duration)]
    /// In the order of their numbers.
    package var log: [LogEntry]

    package init(
        job: JobNumber, group: Int, values: [(record: Int64, column: Int)] = [], dropped: [Int64] = [],
        failures: [(record: Int64, column: Int, attempts: Int, forgiven: Int, wait: Duration)] = [],
        log: [LogEntry] = []
    ) {
        self.job = job
        self.group = group
        self.values = values
        self.dropped = dropped
        self.failures = failures
        self.log = log
    }
}

extension PartitionScheduler {
    /// Rebuilds an active row group. What is out stays out; nobody is asked.
    ///
    /// Computed cells are asked for again by `takeComputable`, as when the row group was new: they are not stored
    /// before the group ends.
    ///
    /// - Returns: the entries `sent` without `confirmed`, reduced to what is still out: to be published again, except
    ///   what the caller knows to be confirmed. And those with `confirmed`, likewise reduced.
    package mutating func restore(
        _ recovered: RecoveredGroup, now: ContinuousClock.Instant
    ) -> (unconfirmed: [Sent], confirmed: [Sent]) {
        let (job, group) = (recovered.job, recovered.group)
        guard let plan = jobs[job]?.plan else { return ([], []) }
        var progress = GroupProgress(ordinal: group, plan: plan)
        let first = progress.records.lowerBound
        for failure in recovered.failures {
            progress.setFailures(
                Int(failure.record - first), failure.column, to: failure.attempts, forgiven: failure.forgiven)
        }
        for record in recovered.withNulls { progress.noteNull(Int(record - first)) }
        let (sends, confirmed) = replay(recovered.log, noting: &progress)
        jobs[job]?.groups[group] = progress

        for record in recovered.dropped { drop(record: record, of: job) }
        for (record, column) in recovered.values {
            let cell = Cell(job: job, record: record, column: column)
            guard isWanted(cell) else { continue }
            restoreValue(cell, plan)
        }
        for sent in sends { markOut(sent, plan) }
        let waits = recovered.failures.filter { $0.wait > .zero }
        for failure in waits {
            let cell = Cell(job: job, record: failure.record, column: failure.column)
            if let (_, offset) = locate(cell), jobs[job]?.groups[group]?.hold(offset, cell.column) == true {
                delayed.insert(cell, due: now.advanced(by: failure.wait))
            }
        }
        makeReadyWhatNeedsNothing(job, group)
        if jobs[job]?.groups[group]?.isFinished == true { markFinished(job, group) }

        let out = sends.map(stillOut).filter { !$0.records.isEmpty }
        return (out.filter { !confirmed.contains($0.number) }, out.filter { confirmed.contains($0.number) })
    }

    /// Values are restored before readiness is worked out, so that a cell that is there is never asked for.
    private mutating func restoreValue(_ cell: Cell, _ plan: JobPlan) {
        guard let (group, offset) = locate(cell) else { return }
        jobs[cell.job]?.groups[group]?.finishQuietly(offset, cell.column, plan: plan)
    }

    /// The `sent` entries without what their `ended` took away, and the numbers that are confirmed.
    private func replay(
        _ log: [LogEntry], noting progress: inout GroupProgress
    ) -> ([Sent], Set<DispatchNumber>) {
        let first = progress.records.lowerBound
        var sends: [DispatchNumber: Sent] = [:]
        var confirmed: Set<DispatchNumber> = []
        for entry in log {
            switch entry {
            case .sent(let sent): sends[sent.number] = sent
            case .confirmed(let number, _, _): confirmed.insert(number)
            case .conversation(_, _, _, let column, let record, let body):
                progress.keepConversation(Int(record - first), column, body)
            case .ended(let number, _, _, let column, let records, let cause):
                for record in records { progress.note(cause, Int(record - first), column) }
                sends[number] = sends[number]?.filtered { !records.contains($0) }
            }
        }
        return (sends.values.sorted { $0.number < $1.number }, confirmed)
    }

    /// In the order of numbers: a later `sent` of a cell replaces an earlier one.
    private mutating func markOut(_ sent: Sent, _ plan: JobPlan) {
        guard case .model(let route) = plan.roles[sent.column] else { return }
        for record in sent.records {
            guard let (group, offset) = locate(Cell(job: sent.job, record: record, column: sent.column)),
                let wasOut = jobs[sent.job]?.groups[group]?.markOut(offset, sent.column, under: sent.number)
            else { continue }
            if !wasOut { jobs[sent.job]?.out[route, default: 0] += 1 }
        }
    }
}
