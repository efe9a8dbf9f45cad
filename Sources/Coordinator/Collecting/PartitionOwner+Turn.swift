import AMQP
import CrashPoints
import JSON
import Logging
import Messages
import Postgres
import Records
import Scheduling
import Store
import Workflow

extension PartitionOwner {
    /// Deliveries that one transaction deals with.
    struct Batch {
        var results: [(delivery: Delivery, message: WireResults?)] = []
        var salvage: [(delivery: Delivery, message: WireSalvage?)] = []

        var isEmpty: Bool { results.isEmpty && salvage.isEmpty }
    }

    /// One round: what came in, what it makes ready, what may be sent; one transaction; then acknowledge and publish.
    ///
    /// - Returns: whether there was anything to do.
    /// - Throws: what the database said. Then nothing was acknowledged or published, and this copy of the state is to
    ///   be thrown away (`needsRecovery`).
    func turn() async throws(PostgresError) -> Bool {
        guard !needsRecovery else { return false }
        let now = ContinuousClock.now
        var writes = TurnWrites()
        let batch = takeBatch(&writes)

        let recorded = publications.takeConfirmed()
        for sent in recorded { scheduler.confirmed(sent) }
        if !recorded.isEmpty { crash.afterConfirmBeforeRecorded.pass() }
        apply(batch, to: &writes, now: now)
        scheduler.wakeDelayed(at: now)
        // Before jobs are looked at: a record that lacked only this is complete, not cancelled.
        compute(&writes)
        updateJobs(&writes, now: now)
        let plansAdmitted = admit(&writes)
        compute(&writes)
        saveSpecs(&writes)
        let sends = stopClean == nil ? dispatch() : []
        finishGroups(&writes)
        writes.log = scheduler.takeLog()
        writes.events += untold.filter { jobs[$0.job] != nil }

        guard !writes.isEmpty || !batch.isEmpty else {
            // Their groups ended meanwhile, and their log with them.
            publications.recorded(recorded)
            return publishAgain()
        }
        inHand = InHand(results: batch.results.map(\.delivery), salvage: batch.salvage.map(\.delivery))
        if !batch.isEmpty { crash.afterDeliveryBeforeCommit.pass() }
        if !writes.finished.isEmpty { crash.finishingGroup.pass() }
        try await commit(writes)
        if plansAdmitted { crash.afterPlanCommit.pass() }
        inHand = InHand()
        publications.recorded(recorded)
        unsavedSpecs = []
        untold = []
        if !unstorable.isEmpty { for drop in writes.drops { unstorable[drop.cell] = nil } }
        forgetEndedJobs(writes)
        await settle(writes.changes)

        if !batch.isEmpty { crash.afterCommitBeforeAcknowledge.pass() }
        resultsConsumer?.acknowledge(batch.results.map(\.delivery.tag))
        salvageConsumer?.acknowledge(batch.salvage.map(\.delivery.tag))
        if !sends.isEmpty { crash.afterAcknowledgeBeforePublish.pass() }
        _ = publishAgain()
        publish(sends)
        return true
    }

    /// What a recovery found unconfirmed. False when there was nothing.
    private func publishAgain() -> Bool {
        guard !again.isEmpty else { return false }
        publish(again)
        again = []
        return true
    }

    /// Workers ask for specs by their hash, which may be another one than that of the version that admitted the job.
    private func saveSpecs(_ writes: inout TurnWrites) {
        for number in unsavedSpecs { writes.blobs += jobs[number]?.blueprint.specs ?? [] }
    }

    private func commit(_ writes: TurnWrites) async throws(PostgresError) {
        let statements = writes.statements(partition: partition, generation: generation)
        let results: [Rows]
        do {
            results = try await environment.pool.transact(statements, timeout: Self.transactionLimit)
        } catch {
            // What was taken from the queues is handled again after the recovery.
            needsRecovery = true
            if error.isAboutData { try await findUnstorable(among: writes.values) }
            throw error
        }
        if let index = writes.valueStatementIndex, results[index].affectedCount != writes.values.count {
            // The database has a value this copy does not know of: the copy is wrong, not the database.
            logger.error("a cell had a value already", metadata: ["code": "state_diverged"])
            needsRecovery = true
        }
    }

    /// One cell's value must not stop all others: those that PostgreSQL refuses are dropped when they come again.
    private func findUnstorable(among values: [StoredValue]) async throws(PostgresError) {
        let guilty = try await environment.partitions.unstorable(among: values)
        unstorable.merge(guilty) { first, _ in first }
        for (cell, reason) in guilty {
            logger.error(
                "the database refuses a value",
                metadata: ["event": "unstorable", "record": "\(cell.record)", "reason": "\(reason)"])
        }
    }

    // MARK: What it makes ready

    /// Evaluates computed cells until none is left that can be; one may make the next computable.
    func compute(_ writes: inout TurnWrites) {
        while true {
            let cells = scheduler.takeComputable()
            if cells.isEmpty { return }
            for cell in cells { compute(cell, &writes) }
        }
    }

    private func compute(_ cell: Cell, _ writes: inout TurnWrites) {
        guard scheduler.isWanted(cell), let job = jobs[cell.job] else { return }
        let group = JobGroup(job: cell.job, group: job.blueprint.plan.group(of: cell.record))
        do throws(ComputationError) {
            let value = { (column: Int) in self.tables[group]?[cell.record, column] }
            let leftOut = try job.blueprint.skips.valueIfLeftOut(cell.column, of: cell.record, given: value) {
                tables[group]?.isLeftOut(cell.record, $0) ?? false
            }
            if let leftOut {
                tables[group]?.leaveOut(leftOut, record: cell.record, column: cell.column)
            } else if case .computed(let column) = job.blueprint.makers[cell.column] {
                let value = try column.value(of: cell.record, given: value)
                tables[group]?.set(value, record: cell.record, column: cell.column)
            } else {
                return scheduler.wanted(cell)
            }
            scheduler.computed(cell)
        } catch {
            drop(cell, .init(kind: "template", message: error.message), worker: "", &writes)
        }
        note(group.group, of: cell.job, &writes)
    }

    private func dispatch() -> [Sent] {
        var window = Self.publishWindowCells - publications.cellsUnrecorded
        window -= again.reduce(0) { $0 + $1.records.count }
        var sends: [Sent] = []
        let ready = jobs.keys.filter { jobs[$0]?.isHeld == false && doomed[$0] == nil }.sorted()
        guard !ready.isEmpty else { return [] }
        // Each turn begins with another job: when the window is short, all get their part of it.
        firstServed = (firstServed + 1) % ready.count
        for number in ready[firstServed...] + ready[..<firstServed] where window > 0 {
            guard let job = jobs[number] else { continue }
            for route in job.blueprint.plan.routes where window > 0 {
                let sent = scheduler.dispatch(number, route: route, credit: credit(job, route), limit: window)
                window -= sent.reduce(0) { $0 + $1.records.count }
                sends += sent
            }
        }
        return sends
    }

    /// Row groups that ended: their records are written with their sampled and computed columns.
    private func finishGroups(_ writes: inout TurnWrites) {
        for (job, group) in scheduler.finishedGroups() {
            note(group, of: job, &writes)
            guard let finished = finish(job, group, cancelled: []) else { continue }
            writes.finished.append(finished)
        }
        scheduler.forgetFinished()
        for (number, job) in jobs where job.isFinished && !job.isStopping {
            writes.states.append((number, .completed, ""))
        }
    }
}
