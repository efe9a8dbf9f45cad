import JSON
import Logging
import Messages
import Scheduling
import Store

/// Filling a new copy from the database.
extension Collector {
    /// Rebuilds an active row group of a job that was adopted, or takes one in hand that was opened again; its seed
    /// rows, if it takes any, are in `seedRows`.
    ///
    /// - Returns: what is sent and out, and not confirmed by the log.
    mutating func restore(_ stored: StoredGroup, now: ContinuousClock.Instant) -> [Sent] {
        let key = JobGroup(job: stored.recovered.job, group: stored.recovered.group)
        guard let job = jobs[key.job], draw(key.group, of: job) != nil else { return [] }
        if job.reopened.contains(key.group) {
            jobs[key.job]?.reopened.removeAll { $0 == key.group }
            decision.writes.takenInHand.append(key)
        }
        for value in stored.values {
            let cell = value.isJSON ? (try? JSONValue(parsing: value.text)) ?? .string(value.text) : .string(value.text)
            tables[key]?.set(cell, record: value.record, column: value.column)
        }
        // Side effects are values of a record, and no cells of their own.
        var recovered = stored.recovered
        recovered.values.removeAll { $0.column >= job.blueprint.makers.count }
        let (unconfirmed, confirmed) = scheduler.restore(recovered, now: now)
        for sent in unconfirmed + confirmed { overdue.sent(sent, at: now) }
        for record in recovered.dropped { tables[key]?.clear(record: record) }
        return unconfirmed
    }

    // MARK: Tasks that the broker lost

    /// From then on the job says so.
    static let lossesToTell = 5

    /// The broker lost the route's queue. Heard of from workers, from returned messages and from looking at it.
    mutating func queueWasLost(_ route: String, now: ContinuousClock.Instant) {
        guard routes[route] != nil else { return }
        logger.warning("the broker lost a route's queue", metadata: ["event": "route_lost", "route": "\(route)"])
        overdue.queueWasLost(route, at: now)
    }

    /// A route's queue holds that many tasks.
    mutating func looked(at route: String, ready: Int, now: ContinuousClock.Instant) {
        overdue.looked(at: route, ready: ready, now: now)
    }

    /// Forgets entries of which no cell is out.
    mutating func pruneOverdue() { overdue.prune { [scheduler] in scheduler.isAnyOut($0) } }

    /// - Parameter drained: a moment at which results and salvage had been read to their end and committed.
    mutating func sendOverdueAgain(drained: ContinuousClock.Instant) {
        for sent in overdue.takeOverdue(drained: drained) {
            let lost = scheduler.overdue(sent)
            guard !lost.isEmpty else { continue }
            let often = lost.filter { scheduler.losses(of: $0) >= Self.lossesToTell }
            if let worst = often.max(by: { scheduler.losses(of: $0) < scheduler.losses(of: $1) }) {
                tellLosses(often.count, worst, sent.route)
            }
            logger.warning(
                "the broker lost tasks; they are sent again",
                metadata: ["event": "tasks_lost", "route": "\(sent.route)", "cells": "\(lost.count)"])
        }
    }

    /// No record is given up for it, but somebody should look at the broker.
    private mutating func tellLosses(_ count: Int, _ worst: Cell, _ route: String) {
        decision.writes.events.append(
            (
                worst.job, "tasks_lost",
                "the broker lost the task of record \(worst.record) for the \(scheduler.losses(of: worst))th time, and "
                    + "of \(count) cells at least the \(Self.lossesToTell)th; route \(route)"
            ))
    }
}
