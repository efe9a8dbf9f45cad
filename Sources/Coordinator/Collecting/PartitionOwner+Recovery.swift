import AMQP
import DequeModule
import JSON
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
        guard let connection = publisherConnection else { return true }
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
        results.prepend(contentsOf: inHand.results)
        salvage.prepend(contentsOf: inHand.salvage)
        inHand = InHand()
        scheduler = PartitionScheduler(generation: generation)
        overdue = OverdueWatch(hold: environment.hold)
        doomed = [:]
        unsavedSpecs = []
        jobs = [:]
        ended = [:]
        jobNumbers = [:]
        tables = [:]

        var unconfirmed: [Sent] = []
        for stored in try await environment.partitions.jobs(of: partition) {
            adopt(stored)
            for group in stored.active { unconfirmed += try await restore(group, of: stored.job) }
        }
        needsRecovery = false
        for sent in unconfirmed { overdue.sent(sent) }
        // Published by the next turn: their inputs may be computed columns, which are not stored before the group ends.
        again = publications.reconcile(unconfirmed: unconfirmed, connection: connection)
        if !again.isEmpty {
            let cells = again.reduce(0) { $0 + $1.records.count }
            logger.notice("publishes again", metadata: ["event": "republish", "cells": "\(cells)"])
        }
        return true
    }

    private func restore(_ group: Int, of job: Job) async throws(PostgresError) -> [Sent] {
        guard let owned = jobs[job.number] else { return [] }
        let stored = try await environment.partitions.group(
            group, of: job, records: owned.blueprint.plan.records(of: group))
        try await readSeedRows(group, of: owned)
        guard draw(group, of: owned) != nil else { return [] }
        let key = JobGroup(job: job.number, group: group)
        for value in stored.values {
            let cell = value.isJSON ? (try? JSONValue(parsing: value.text)) ?? .string(value.text) : .string(value.text)
            tables[key]?.set(cell, record: value.record, column: value.column)
        }
        // Side effects are values of a record, and no cells of their own.
        var recovered = stored.recovered
        recovered.values.removeAll { $0.column >= owned.blueprint.makers.count }
        let (unconfirmed, confirmed) = scheduler.restore(recovered, now: .now)
        for sent in confirmed { overdue.sent(sent) }
        for record in stored.recovered.dropped { tables[key]?.clear(record: record) }
        return unconfirmed
    }
}
