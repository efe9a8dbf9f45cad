import AMQP
import DequeModule
import Logging
import Postgres
import Scheduling
import Store

extension PartitionOwner {
    /// The one way back from everything: raises the generation (the first time it was raised by the claim), reads
    /// cells, ledger and log, and publishes what is sent, not confirmed and still out.
    ///
    /// - Returns: false when another coordinator has the partition. `needsRecovery` stays set while the broker is away.
    func recover() async throws(PostgresError) -> Bool {
        guard let connection = placement.connection else { return true }
        if !isFirstRecovery {
            guard let raised = try await environment.partitions.retake(partition, generation: generation) else {
                return false
            }
            generation = raised
            logger.notice("took over from itself", metadata: ["event": "retake", "generation": "\(generation)"])
        }
        isFirstRecovery = false
        // Deliveries that were in hand, committed or not, are handled again: those still here, and those the broker
        // gives again.
        results.prepend(contentsOf: inHand.results.map(\.delivery))
        salvage.prepend(contentsOf: inHand.salvage.map(\.delivery))
        inHand = Batch()
        collector = collector.successor(generation: generation)

        var unconfirmed: [Sent] = []
        for stored in try await environment.partitions.jobs(of: partition) {
            collector.adopt(stored, now: .now)
            for group in stored.active { unconfirmed += try await restore(group, of: stored.job) }
        }
        collector.recovered()
        needsRecovery = false
        // Published by the next turn: their inputs may be computed columns, which are not stored before the group ends.
        let again = placement.reconcile(unconfirmed: unconfirmed, connection: connection)
        if again > 0 { logger.notice("publishes again", metadata: ["event": "republish", "cells": "\(again)"]) }
        return true
    }

    /// Row groups that were opened again, when there is room for them: nothing of them is out or in the log.
    ///
    /// - Returns: whether there were any.
    func takeInHand(_ groups: [JobGroup]) async throws(PostgresError) -> Bool {
        guard !needsRecovery, !groups.isEmpty else { return false }
        for group in groups {
            guard let job = collector.jobs[group.job]?.blueprint.job else { continue }
            _ = try await restore(group.group, of: job)
        }
        return true
    }

    private func restore(_ group: Int, of job: Job) async throws(PostgresError) -> [Sent] {
        guard let owned = collector.jobs[job.number] else { return [] }
        let records = owned.blueprint.plan.records(of: group)
        let stored = try await environment.partitions.group(group, of: job, records: records)
        try await readSeedRows(JobGroup(job: job.number, group: group))
        return collector.restore(stored, now: .now)
    }
}
