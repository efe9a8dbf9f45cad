import JSON
import Messages
import Sampling
import Scheduling
import Store
import Workflow

extension PartitionOwner {
    /// Row groups of a job that may be active at once when its routes are hungry, beyond what its credit needs.
    static let leastActiveGroups = 3
    /// Values that a job's active row groups may hold, and those of all jobs here.
    static let jobBytes = 64 << 20
    static let partitionBytes = 192 << 20

    /// Takes further row groups in hand where a route has credit left and nothing ready.
    ///
    /// - Returns: whether any was admitted.
    func admit(_ writes: inout TurnWrites) -> Bool {
        guard stopClean == nil else { return false }
        var admitted = false
        // The room of a job that waits for an endpoint is lent to others.
        var held = tables.reduce(0) { $0 + (jobs[$1.key.job]?.state == .running ? $1.value.bytes : 0) }
        for (number, job) in jobs
        where !job.isHeld && doomed[number] == nil && job.nextGroup < job.blueprint.plan.groupCount {
            let active = scheduler.activeGroups(of: number)
            guard
                held < Self.partitionBytes,
                active.isEmpty
                    || (isHungry(job) && active.count < mostActiveGroups(job) && bytes(of: number) < Self.jobBytes)
            else { continue }
            let group = job.nextGroup
            let records = job.blueprint.plan.records(of: group)
            guard hasSeedRows(group, of: job), let failures = draw(group, of: job) else { continue }
            held += tables[JobGroup(job: number, group: group)]?.bytes ?? 0
            scheduler.admit(number, group: group, dropping: failures.keys.sorted())
            writes.admitted.append((JobGroup(job: number, group: group), records))
            for record in failures.keys.sorted() {
                if let failure = failures[record] { recordUndrawn(record, failure, of: job, &writes) }
            }
            jobs[number]?.nextGroup += 1
            askForSeedRows(group + 1, of: job)
            admitted = true
            if job.state == .queued { setState(number, .running, "", &writes) }
        }
        return admitted
    }

    /// As many records of a row group that cannot be drawn, and no other, mean that none ever will.
    private static let hopeless = 100

    /// Fills a table with what is sampled, and with the seed rows, which are here.
    ///
    /// - Returns: why records could not be drawn; nil when the group cannot be taken in hand: samplers that draw no
    ///   record of many end the job.
    func draw(_ group: Int, of job: OwnedJob) -> [Int64: SamplingError]? {
        let records = job.blueprint.plan.records(of: group)
        var table = RecordTable(records: records, columns: job.blueprint.valueCount)
        let drawn = job.blueprint.sampler.draw(records: records)
        if drawn.failures.count == records.count, records.count >= Self.hopeless,
            let first = drawn.failures[records.lowerBound]
        {
            doomed[job.number] = "\(first)"
            return nil
        }
        for (column, values) in zip(drawn.columns, drawn.values) {
            for (offset, value) in values.enumerated() {
                table.set(value, record: records.lowerBound + Int64(offset), column: column)
            }
        }
        let key = JobGroup(job: job.number, group: group)
        if let seed = job.blueprint.seed {
            guard let rows = shelf.rows.removeValue(forKey: key) else { return nil }
            for (offset, row) in rows.enumerated() {
                for (column, value) in zip(seed.columns, row) {
                    table.set(value, record: records.lowerBound + Int64(offset), column: column)
                }
            }
        }
        tables[key] = table
        return drawn.failures
    }

    /// A record that was dropped when its row group was admitted: no sampler gave it a value.
    private func recordUndrawn(
        _ record: Int64, _ error: SamplingError, of job: OwnedJob, _ writes: inout TurnWrites
    ) {
        let column = job.blueprint.workflow.columnIndex(error.column) ?? 0
        var failure = WireFailure()
        failure.kind = "sampling"
        failure.message = error.detail
        let cell = Cell(job: job.number, record: record, column: column)
        writes.failures.append(ChargedFailure(cell, attempt: 1, failure, worker: "", retryAfter: nil))
        recordDrop(cell, kind: failure.kind, &writes)
    }

    private func isHungry(_ job: OwnedJob) -> Bool {
        let routes = job.blueprint.plan.routes
        if routes.isEmpty { return true }
        return routes.contains { route in
            let ready = scheduler.cellsReady(of: job.number, route: route)
            let free = credit(job, route) - scheduler.cellsOut(of: job.number, route: route)
            return ready < min(free, Self.publishWindowCells)
        }
    }

    private func mostActiveGroups(_ job: OwnedJob) -> Int {
        let credits = job.blueprint.plan.routes.reduce(0) { $0 + credit(job, $1) }
        return Self.leastActiveGroups + 2 * credits / job.blueprint.plan.groupSize
    }

    private func bytes(of job: JobNumber) -> Int {
        tables.reduce(0) { $0 + ($1.key.job == job ? $1.value.bytes : 0) }
    }

    func credit(_ job: OwnedJob, _ route: String) -> Int {
        let weight = job.priority + 1
        return RouteCredit.cells(
            shares: board.shares[route] ?? 0, weight: weight, weights: max(weight, board.weights[route] ?? 0),
            cap: board.bound(of: job.routes, on: route))
    }

    /// What a group that ended leaves in the tables; its memory is given back.
    func finish(_ number: JobNumber, _ group: Int, cancelled: [Int64]) -> FinishedGroup? {
        guard let job = jobs[number], let table = tables.removeValue(forKey: JobGroup(job: number, group: group)) else {
            return nil
        }
        var complete: [(record: Int64, fields: String)] = []
        for record in scheduler.completeRecords(of: number, group: group) {
            var writer = JSONWriter()
            writer.beginObject()
            for (column, maker) in job.blueprint.makers.enumerated() {
                // A model's value is in `cells`; of one that was left out there is none.
                if case .model = maker, !table.isLeftOut(record, column) { continue }
                writer.key(job.blueprint.workflow.columns[column].name)
                writer.value(table[record, column] ?? .null)
            }
            writer.endObject()
            complete.append((record, writer.text))
        }
        jobs[number]?.finishedGroups += 1
        return FinishedGroup(
            job: number, storage: job.blueprint.job.storage, group: group, complete: complete, cancelled: cancelled,
            sketches: job.blueprint.sketches(of: complete.map(\.record), in: table))
    }
}
