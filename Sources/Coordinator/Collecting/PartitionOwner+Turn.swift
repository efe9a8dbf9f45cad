import AMQP
import CrashPoints
import DequeModule
import Logging
import Messages
import Postgres
import Scheduling
import Store

extension PartitionOwner {
    /// One round: what came in is decided over, committed, acknowledged; then what is ready is published.
    ///
    /// - Returns: whether there was anything to do.
    /// - Throws: what the database said. Nothing is acknowledged or published that was not committed; this copy of the
    ///   state is to be thrown away (`needsRecovery`).
    func turn() async throws(PostgresError) -> Bool {
        guard !needsRecovery else { return false }
        let batch = takeBatch()
        let recorded = placement.takeConfirmed()
        if !recorded.isEmpty { crash.afterConfirmBeforeRecorded.pass() }
        let decision = collector.decide(
            batch, recorded: recorded, room: placement.room(of: Collector.publishWindowCells),
            isLeaving: stopClean != nil, now: .now)
        for group in decision.wantedSeedRows { askForSeedRows(group) }

        guard !decision.writes.isEmpty || !batch.isEmpty else {
            // Their groups ended meanwhile, and their log with them.
            placement.recorded(recorded)
            announce(decision)
            let isAnyPublished = publish(placement.takeAgain())
            return try await takeInHand(decision.wantedGroups) || isAnyPublished
        }
        inHand = batch
        if !batch.isEmpty { crash.afterDeliveryBeforeCommit.pass() }
        if !decision.writes.finished.isEmpty { crash.finishingGroup.pass() }
        try await commit(decision.writes)
        if !decision.writes.admitted.isEmpty { crash.afterPlanCommit.pass() }
        inHand = Batch()
        placement.recorded(recorded)
        for job in collector.committed(decision) {
            placement.forget(job)
            forgetSeedRows(of: job)
        }
        announce(decision)
        await settle(decision.writes.changes)

        if !batch.isEmpty { crash.afterCommitBeforeAcknowledge.pass() }
        resultsConsumer?.acknowledge(batch.results.map(\.delivery.tag))
        salvageConsumer?.acknowledge(batch.salvage.map(\.delivery.tag))
        if !decision.sends.isEmpty { crash.afterAcknowledgeBeforePublish.pass() }
        _ = publish(placement.takeAgain())
        _ = publish(decision.sends)
        _ = try await takeInHand(decision.wantedGroups)
        return true
    }

    /// Takes deliveries up to the bounds of a transaction, at least one of what is there.
    private func takeBatch() -> Batch {
        var batch = Batch()
        var cells = 0
        var bytes = 0
        while cells < Self.turnCells, bytes < Self.turnBytes, let delivery = salvage.popFirst() {
            let message = Result { () throws(WireError) in try WireSalvage(decoding: delivery.body) }
            cells += (try? message.get())?.dispatches.reduce(0) { $0 + $1.cells.count } ?? 1
            bytes += delivery.body.count
            batch.salvage.append(.init(delivery: delivery, message: message))
        }
        while cells < Self.turnCells, bytes < Self.turnBytes, let delivery = results.popFirst() {
            let message = Result { () throws(WireError) in try WireResults(decoding: delivery.body) }
            cells += (try? message.get())?.dispatches.reduce(0) { $0 + $1.cells.count } ?? 1
            bytes += delivery.body.count
            batch.results.append(.init(delivery: delivery, message: message))
        }
        return batch
    }

    private func commit(_ writes: TurnWrites) async throws(PostgresError) {
        let transaction = writes.transaction(partition: partition, generation: generation)
        let results: [Rows]
        do {
            if !writes.changes.contains(where: \.isLong), writes.abandoned.isEmpty {
                results = try await environment.pool.transact(transaction.statements, timeout: Self.transactionLimit)
            } else {
                results = try await environment.pool.transactAlone(transaction.statements, timeout: Self.wishLimit)
            }
        } catch {
            // What was taken from the queues is handled again after the recovery.
            needsRecovery = true
            try await findGuilty(of: error, in: writes)
            throw error
        }
        if let insert = transaction.valueInsert, results[insert].affectedCount != writes.values.count {
            // The database has a value this copy does not know of: the copy is wrong, not the database.
            logger.error("a cell had a value already", metadata: ["code": "state_diverged"])
            needsRecovery = true
        }
    }

    /// One cell's value, or one wish, must not stop all others: what PostgreSQL refuses is dropped, or refused, when it
    /// comes again.
    private func findGuilty(of error: PostgresError, in writes: TurnWrites) async throws(PostgresError) {
        let guilty = error.isAboutData ? try await environment.partitions.unstorable(among: writes.values) : [:]
        if guilty.isEmpty, error.isAboutData || error.sqlState == .foreignKeyViolation, !writes.changes.isEmpty {
            collector.refused(wishes: writes.changingCommands, error.message)
            logger.error("the database refuses a wish", metadata: ["event": "wish_refused", "error": "\(error)"])
        }
        collector.refused(guilty)
        for (cell, reason) in guilty {
            logger.error(
                "the database refuses a value",
                metadata: ["event": "unstorable", "record": "\(cell.record)", "reason": "\(reason)"])
        }
    }

    private func announce(_ decision: Decision) {
        for announcement in decision.announcements { environment.announce(announcement) }
    }

    /// After the commit of a transaction with `changes`: what is true is read from the tables, as after every trouble.
    private func settle(_ changes: [JobChange]) async {
        for change in changes {
            switch change {
            case .set: jobsMayHaveChanged = true
            case .extend(let number, _):
                collector.forgetBlueprint(of: number)
                needsRecovery = true
            case .retry: needsRecovery = true
            case .delete(let job):
                collector.forgetBlueprint(of: job.number)
                forgetSeedRows(of: job.number)
                needsRecovery = true
                // Beside the turns: it waits for whoever reads, as long as that takes.
                Task { [jobs = environment.jobs, logger] in
                    do throws(PostgresError) {
                        try await jobs.removeUnused()
                    } catch {
                        logger.warning(
                            "tables or files of a deleted job remain for now; the next hour's removal takes them",
                            metadata: ["error": "\(error)"])
                    }
                }
            }
        }
    }
}
