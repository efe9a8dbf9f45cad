import JSON
import Messages
import Records
import Sampling
import Scheduling
import Store
import Workflow

/// Row groups: taken in hand, drawn, computed, ended.
extension Collector {
    /// Row groups of a job that may be active at once when its routes are hungry, beyond what its credit needs.
    static let leastActiveGroups = 3
    /// Values that a job's active row groups may hold, and those of all jobs here.
    static let jobBytes = 64 << 20
    static let partitionBytes = 192 << 20
    /// The same with jobs that wait for an endpoint, which take no further row group beyond it.
    static let waitingBytes = 384 << 20

    /// Takes further row groups in hand where a route has credit left and nothing ready.
    mutating func admit() {
        // The room of a job that waits for an endpoint is lent to others.
        var bytes: [JobNumber: Int] = [:]
        for (key, table) in tables { bytes[key.job, default: 0] += table.bytes }
        var all = bytes.values.reduce(0, +)
        var held = bytes.reduce(0) { $0 + (jobs[$1.key]?.state == .running ? $1.value : 0) }
        for (number, job) in jobs
        where !job.isHeld && doomed[number] == nil && job.hasFurtherGroups {
            let active = scheduler.activeGroupCount(of: number)
            guard held < Self.partitionBytes, job.state != .waiting || all < Self.waitingBytes,
                active == 0
                    || (isHungry(job) && bytes[number] ?? 0 < Self.jobBytes && hasRoomForGroup(job, active))
            else { continue }
            if let reopened = job.reopened.first {
                decision.wantedGroups.append(JobGroup(job: number, group: reopened))
                continue
            }
            let key = JobGroup(job: number, group: job.nextGroup)
            if job.blueprint.seed != nil, seedRows[key] == nil {
                decision.wantedSeedRows.append(key)
                continue
            }
            guard let failures = draw(key.group, of: job) else { continue }
            held += tables[key]?.bytes ?? 0
            all += tables[key]?.bytes ?? 0
            scheduler.admit(number, group: key.group, dropping: failures.keys.sorted())
            decision.writes.admitted.append((key, job.blueprint.plan.records(of: key.group)))
            for (record, failure) in failures.sorted(by: { $0.key < $1.key }) {
                noteUndrawn(record, failure, of: job)
            }
            jobs[number]?.nextGroup += 1
            if job.blueprint.seed != nil, key.group + 1 < job.blueprint.plan.groupCount {
                decision.wantedSeedRows.append(JobGroup(job: number, group: key.group + 1))
            }
            if job.state == .queued { setState(number, .running, "") }
        }
    }

    /// As many records of a row group that cannot be drawn, and no other, mean that none ever will.
    private static let hopeless = 100

    /// Fills a table with what is sampled, and with the seed rows, which are here.
    ///
    /// - Returns: why records could not be drawn; nil when the group cannot be taken in hand: samplers that draw no
    ///   record of many end the job.
    mutating func draw(_ group: Int, of job: OwnedJob) -> [Int64: SamplingError]? {
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
            guard let rows = seedRows.removeValue(forKey: key) else { return nil }
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
    private mutating func noteUndrawn(_ record: Int64, _ error: SamplingError, of job: OwnedJob) {
        let column = job.blueprint.workflow.columnIndex(error.column) ?? 0
        let failure = WireFailure(kind: "sampling", message: error.detail)
        let cell = Cell(job: job.number, record: record, column: column)
        note(failure, of: cell, attempt: 1, worker: "")
        noteDrop(cell, kind: failure.kind)
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

    private func hasRoomForGroup(_ job: OwnedJob, _ active: Int) -> Bool {
        let credits = job.blueprint.plan.routes.reduce(0) { $0 + credit(job, $1) }
        let size = job.blueprint.plan.groupSize
        let most = Self.leastActiveGroups + 2 * credits / size
        // Of a row group that a retry opened again little may be pending.
        return active < most || !job.reopened.isEmpty && scheduler.pendingRecordCount(of: job.number) < most * size
    }

    func credit(_ job: OwnedJob, _ route: String) -> Int {
        let weight = job.priority + 1
        return RouteCredit.cells(
            shares: board.shares[route] ?? 0, weight: weight, weights: max(weight, board.weights[route] ?? 0),
            cap: board.bound(of: job.routes, on: route))
    }

    // MARK: Computing

    /// Evaluates computed cells until none is left that can be; one may make the next computable.
    mutating func compute() {
        while true {
            let cells = scheduler.takeComputable()
            if cells.isEmpty { return }
            for cell in cells { compute(cell) }
        }
    }

    private mutating func compute(_ cell: Cell) {
        guard scheduler.isWanted(cell), let blueprint = jobs[cell.job]?.blueprint else { return }
        let group = JobGroup(job: cell.job, group: blueprint.plan.group(of: cell.record))
        func value(_ column: Int) -> JSONValue? { tables[group]?[cell.record, column] }
        func isLeftOut(_ column: Int) -> Bool { tables[group]?.isLeftOut(cell.record, column) ?? false }
        do throws(ComputationError) {
            let leftOut = try blueprint.skips.valueIfLeftOut(
                cell.column, of: cell.record, given: value, isLeftOut: isLeftOut)
            if let leftOut {
                tables[group]?.leaveOut(leftOut, record: cell.record, column: cell.column)
            } else if case .computed(let column) = blueprint.makers[cell.column] {
                let value = try column.value(of: cell.record, given: value)
                tables[group]?.set(value, record: cell.record, column: cell.column)
            } else {
                return scheduler.wanted(cell)
            }
            scheduler.computed(cell)
        } catch {
            drop(cell, .init(kind: "template", message: error.message), worker: "")
        }
    }

    // MARK: Ending

    /// Row groups that ended: their records are written with their sampled and computed columns.
    mutating func finishGroups() {
        for (job, group, counts) in scheduler.takeChangedCounts() {
            decision.writes.counts[JobGroup(job: job, group: group)] = counts
        }
        for (job, group) in scheduler.finishedGroups() { finish(job, group, cancelled: []) }
        scheduler.forgetFinished()
        for (number, job) in jobs where job.isFinished && !job.isStopping {
            decision.writes.states.append((number, .completed, ""))
        }
    }

    /// What a group that ended leaves in the tables; its memory is given back.
    mutating func finish(_ number: JobNumber, _ group: Int, cancelled: [Int64]) {
        guard let job = jobs[number], let table = tables.removeValue(forKey: JobGroup(job: number, group: group)) else {
            return
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
        decision.writes.finished.append(
            FinishedGroup(
                job: number, storage: job.blueprint.job.storage, group: group, complete: complete,
                cancelled: cancelled, sketches: job.blueprint.sketches(of: complete.map(\.record), in: table)))
    }
}
