import CellValues
package import Collecting
package import Generation
package import Inference
package import JSON
package import Messages
import Records
import Sampling
import Scheduling
import Store
import Throttle
import Workflow

/// A job without broker, database or workers: calls out, their outcomes in, until every record is complete or dropped.
///
/// The scheduler, the makers of cells, the conversations and the limits are those of a cluster. What differs: a cell is
/// called as soon as its limit has room, an endpoint that cannot be used ends the preview (after the quick tries of a
/// worker), and nothing is stored.
package struct PreviewStateMachine: Sendable {
    package typealias Instant = ContinuousClock.Instant

    private struct OpenCell: Sendable {
        let cell: Cell
        let number: DispatchNumber
        let route: Route
        var work: PreviewCall.Work
        /// Those that are made with it.
        var others: [(cell: Cell, number: DispatchNumber)] = []
        var endpointFailures = 0
        var retries = 0
        var permit: Permit?
        /// Not called before; nil: as soon as there is room.
        var due: Instant?
    }

    /// Before each of the quick tries of a call whose endpoint failed.
    private static let quickTries: [Duration] = [.milliseconds(200), .milliseconds(500), .seconds(1)]

    package let blueprint: JobBlueprint
    private let columns: [Int: CompiledColumn]
    /// Contents of image files that cells name.
    private let files: [String: [UInt8]]
    private let side: [Int: Range<Int>]
    private var scheduler = PartitionScheduler(generation: 1)
    private var table: RecordTable
    private var drops: [Int64: (column: Int, message: String)] = [:]
    private var limits: [Route: DividedCap] = [:]
    private var batchSizes: [Route: Int] = [:]
    private var open: [Int: OpenCell] = [:]
    /// Those of `open` that wait for another call.
    private var waiting: [Int] = []
    private var lastID = 0
    private var chance: UInt64
    /// By column, how many cells are there.
    package private(set) var made: [Int]
    package private(set) var usage: [Route: PreviewUsage] = [:]
    /// An endpoint cannot be used: nothing more is called.
    package private(set) var stop: PreviewStop?

    /// - Parameters:
    ///   - seedRows: by record, the values of the workflow's seed columns `seedColumns`; empty without a seed.
    ///   - caps: the operator's, by route.
    ///   - files: by name, image files that cells name.
    ///   - chance: seeds the jitter of retries.
    /// - Throws: a failure of kind `template` for a column that cannot be used.
    package init(
        _ blueprint: JobBlueprint, seedColumns: [Int] = [], seedRows: [[JSONValue]] = [], caps: [Route: Int] = [:],
        files: [String: [UInt8]] = [:], chance: UInt64
    ) throws(CallFailure) {
        self.blueprint = blueprint
        self.chance = chance
        self.files = files
        let records = 0..<blueprint.job.requested
        made = Array(repeating: 0, count: blueprint.makers.count)
        table = RecordTable(records: records, columns: blueprint.valueCount)
        side = Dictionary(
            uniqueKeysWithValues: blueprint.makers.indices.map { ($0, blueprint.workflow.sideEffectIndices(of: $0)) })
        var columns: [Int: CompiledColumn] = [:]
        for (place, maker) in blueprint.makers.enumerated() {
            guard case .model(let column) = maker else { continue }
            let cap = caps[column.route] ?? column.maximumParallel
            let former = limits[column.route]?.limit ?? .max
            batchSizes[column.route] = max(column.batchSize, batchSizes[column.route] ?? 1)
            limits[column.route] = DividedCap(worker: "preview", cap: min(cap, former), isAlone: true)
            guard let spec = try? WireColumnSpec(decoding: column.encodedSpec) else {
                throw CallFailure(kind: .template, message: "the column cannot be encoded")
            }
            columns[place] = try CompiledColumn(spec)
        }
        self.columns = columns
        begin(seedColumns, seedRows)
    }

    private mutating func begin(_ seedColumns: [Int], _ seedRows: [[JSONValue]]) {
        let records = table.records
        let drawn = blueprint.sampler.draw(records: records)
        for (column, values) in zip(drawn.columns, drawn.values) {
            for (offset, value) in values.enumerated() { table.set(value, record: Int64(offset), column: column) }
        }
        for (record, row) in seedRows.enumerated() {
            for (column, value) in zip(seedColumns, row) { table.set(value, record: Int64(record), column: column) }
        }
        for (record, failure) in drawn.failures {
            drops[record] = (blueprint.workflow.columnIndex(failure.column) ?? 0, failure.detail)
        }
        for (place, maker) in blueprint.makers.enumerated() {
            if case .given = maker { made[place] = records.count }
        }
        scheduler.add(blueprint.plan)
        guard !records.isEmpty else { return }
        scheduler.admit(blueprint.job.number, group: 0, dropping: drawn.failures.keys.sorted())
    }

    // MARK: What happens

    /// Lets everything start that may: calls to be made now.
    package mutating func round(_ now: Instant) -> [PreviewCall] {
        for route in limits.keys { limits[route]?.tick(now) }
        scheduler.wakeDelayed(at: now)
        compute()
        guard stop == nil else { return [] }
        var calls: [PreviewCall] = []
        callAgain(now, &calls)
        for route in limits.keys.sorted() {
            while stop == nil, limits[route]?.canStart(now) == true {
                let most = batchSizes[route] ?? 1
                let sent = scheduler.dispatch(
                    blueprint.job.number, route: route.key,
                    credit: scheduler.cellsOut(of: blueprint.job.number, route: route.key) + most, limit: most)
                if sent.isEmpty { break }
                for sent in sent { begin(sent, route, now, &calls) }
            }
        }
        _ = scheduler.takeLog()
        return calls
    }

    private mutating func begin(_ sent: Sent, _ route: Route, _ now: Instant, _ calls: inout [PreviewCall]) {
        var cells = sent.records.map { Cell(job: sent.job, record: $0, column: sent.column) }
        if columns[sent.column]?.batched != nil {
            // What failed before goes alone.
            let fresh = cells.filter { scheduler.failures(of: $0) == 0 }
            cells.removeAll { scheduler.failures(of: $0) == 0 }
            let size = max(1, columns[sent.column]?.batchSize ?? 1)
            for start in stride(from: 0, to: fresh.count, by: size) {
                beginBatch(Array(fresh[start..<min(start + size, fresh.count)]), sent.number, route, now, &calls)
            }
            for cell in cells { beginBatch([cell], sent.number, route, now, &calls) }
            return
        }
        for cell in cells { begin(cell, sent.number, route, now, &calls) }
    }

    private mutating func beginBatch(
        _ cells: [Cell], _ number: DispatchNumber, _ route: Route, _ now: Instant, _ calls: inout [PreviewCall]
    ) {
        guard let first = cells.first, case .model(let maker) = blueprint.makers[first.column] else { return }
        let inputs = cells.map { cell in maker.inputs.map { WireValue(table[cell.record, $0] ?? .null) } }
        lastID += 1
        open[lastID] = OpenCell(
            cell: first, number: number, route: route, work: .rows(inputs),
            others: cells.dropFirst().map { ($0, number) })
        call(lastID, now, &calls)
    }

    private mutating func begin(
        _ cell: Cell, _ number: DispatchNumber, _ route: Route, _ now: Instant, _ calls: inout [PreviewCall]
    ) {
        guard case .model(let maker) = blueprint.makers[cell.column], let column = columns[cell.column] else { return }
        let inputs = maker.inputs.map { WireValue(table[cell.record, $0] ?? .null) }
        do throws(CallFailure) {
            let conversation = try column.begin(inputs, record: cell.record, files: files)
            lastID += 1
            open[lastID] = OpenCell(cell: cell, number: number, route: route, work: .conversation(conversation))
            call(lastID, now, &calls)
        } catch {
            settle(cell, number, error, now)
            compute()
        }
    }

    private mutating func call(_ id: Int, _ now: Instant, _ calls: inout [PreviewCall]) {
        guard let cell = open[id], let column = columns[cell.cell.column] else { return }
        open[id]?.permit = limits[cell.route]?.start(now)
        open[id]?.due = nil
        calls.append(PreviewCall(id: id, route: cell.route, column: column, work: cell.work))
    }

    private mutating func callAgain(_ now: Instant, _ calls: inout [PreviewCall]) {
        for id in waiting {
            guard let cell = open[id], cell.due ?? now <= now, limits[cell.route]?.canStart(now) == true else {
                continue
            }
            waiting.removeAll { $0 == id }
            call(id, now, &calls)
        }
    }

    /// A call ended.
    package mutating func ended(_ id: Int, _ outcome: CallOutcome, at now: Instant) {
        guard var cell = open.removeValue(forKey: id), case .conversation(var conversation) = cell.work else { return }
        count(outcome, cell.route)
        give(back: &cell, outcome.end, now)
        switch outcome {
        case .reply(let reply):
            let step = conversation.receive(reply)
            cell.work = .conversation(conversation)
            switch step {
            case .request: wait(id, cell, until: nil)
            case .value(let value): store(value, cell.cell)
            case .failed(let failure): settle(cell.cell, cell.number, failure, now)
            }
        case .failed(let failure): failed(id, cell, failure, now)
        case .cancelled: break
        }
    }

    /// A call for cells of a column that is made in batches ended.
    package mutating func rowsEnded(_ id: Int, _ outcome: RowsColumn.Outcome, at now: Instant) {
        guard var cell = open.removeValue(forKey: id) else { return }
        count(outcome, of: cell)
        switch outcome {
        case .rows(let rows):
            give(back: &cell, .served, now)
            for (own, row) in zip([(cell.cell, cell.number)] + cell.others, rows) {
                switch row {
                case .success(let value): store(value, own.0)
                case .failure(let failure): settle(own.0, own.1, failure, now)
                }
            }
        case .failed(let failure):
            give(back: &cell, failure.end, now)
            rowFailed(id, cell, failure, now)
        case .cancelled: give(back: &cell, .failed, now)
        }
    }

    private mutating func rowFailed(_ id: Int, _ cell: OpenCell, _ failure: CallFailure, _ now: Instant) {
        guard case .rows(let rows) = columns[cell.cell.column]?.batched else { return failed(id, cell, failure, now) }
        if let pause = rows.pause(after: failure, retries: cell.retries) {
            var cell = cell
            cell.retries += 1
            wait(id, cell, until: now + pause)
        } else if let value = rows.value(after: failure) {
            for own in [cell.cell] + cell.others.map(\.cell) { store(value, own) }
        } else {
            failed(id, cell, failure, now)
        }
    }

    private mutating func failed(_ id: Int, _ cell: OpenCell, _ failure: CallFailure, _ now: Instant) {
        var cell = cell
        switch failure.kind.family {
        case .limited: wait(id, cell, until: nil)
        case .endpoint:
            guard failure.kind.deservesQuickTries, cell.endpointFailures < Self.quickTries.count else {
                stop = stop ?? PreviewStop(provider: cell.route.provider, failure: failure)
                return
            }
            let pause = Self.quickTries[cell.endpointFailures]
            cell.endpointFailures += 1
            wait(id, cell, until: now + pause)
        case .call, .answer, .request:
            settle(cell.cell, cell.number, failure, now)
            for other in cell.others { settle(other.cell, other.number, failure, now) }
        }
    }

    private mutating func wait(_ id: Int, _ cell: OpenCell, until due: Instant?) {
        open[id] = cell
        open[id]?.due = due
        waiting.append(id)
    }

    private mutating func give(back cell: inout OpenCell, _ end: CallEnd, _ now: Instant) {
        guard let permit = cell.permit else { return }
        cell.permit = nil
        limits[cell.route]?.finish(permit, end, now)
    }

    private mutating func count(_ outcome: CallOutcome, _ route: Route) {
        var used = usage[route] ?? PreviewUsage(provider: route.provider, model: route.model)
        used.calls += 1
        switch outcome {
        case .reply(let reply):
            used.inputTokens += reply.inputTokens
            used.outputTokens += reply.outputTokens
        case .failed, .cancelled: used.failed += 1
        }
        usage[route] = used
    }

    /// Calls of endpoints count; a tool's runs cost nobody anything.
    private mutating func count(_ outcome: RowsColumn.Outcome, of cell: OpenCell) {
        guard case .rows = columns[cell.cell.column]?.batched else { return }
        var used = usage[cell.route] ?? PreviewUsage(provider: cell.route.provider, model: cell.route.model)
        used.calls += 1
        if case .rows = outcome {} else { used.failed += 1 }
        usage[cell.route] = used
    }

    /// A failed attempt: the cell is tried again later, or its record is dropped.
    private mutating func settle(_ cell: Cell, _ number: DispatchNumber, _ failure: CallFailure, _ now: Instant) {
        let attempt = scheduler.failures(of: cell) + 1
        chance = chance &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let wait = SalvageBackoff.delay(afterAttempt: attempt, chance: Double(chance >> 11) / Double(1 << 53))
        let verdict = scheduler.failure(of: cell, under: number, retryAt: failure.kind.isRetryable ? now + wait : nil)
        if case .dropped = verdict { drops[cell.record] = (cell.column, failure.description) }
    }

    private mutating func store(_ value: CellValue, _ cell: Cell) {
        guard scheduler.value(for: cell) == .store else { return }
        made[cell.column] += 1
        // There is no artifact: images stand in their cells, as Data Designer's preview has them.
        let shown: JSONValue =
            value.files.isEmpty
            ? value.value.jsonValue : .array(value.files.map { .string(Base64.encode($0.bytes)) })
        table.set(shown, record: cell.record, column: cell.column)
        for (column, side) in zip(side[cell.column] ?? 0..<0, value.sideValues) {
            table.set(side.jsonValue, record: cell.record, column: column)
        }
    }

    // MARK: Computed cells

    private mutating func compute() {
        while true {
            let cells = scheduler.takeComputable()
            if cells.isEmpty { return }
            for cell in cells { compute(cell) }
        }
    }

    private mutating func compute(_ cell: Cell) {
        guard scheduler.isWanted(cell) else { return }
        do throws(ComputationError) {
            let leftOut = try blueprint.skips.valueIfLeftOut(
                cell.column, of: cell.record, given: { self.table[cell.record, $0] },
                isLeftOut: { self.table.isLeftOut(cell.record, $0) })
            if let leftOut {
                table.leaveOut(leftOut, record: cell.record, column: cell.column)
                for effect in side[cell.column] ?? 0..<0 { table.set(.null, record: cell.record, column: effect) }
            } else if case .computed(let column) = blueprint.makers[cell.column] {
                let value = try column.value(of: cell.record) { self.table[cell.record, $0] }
                table.set(value, record: cell.record, column: cell.column)
            } else {
                return scheduler.wanted(cell)
            }
            made[cell.column] += 1
            scheduler.computed(cell)
        } catch {
            if scheduler.drop(record: cell.record, of: cell.job) { drops[cell.record] = (cell.column, error.message) }
        }
    }

    // MARK: What became of it

    /// Every record is complete or dropped, or the preview stopped and no call runs.
    package var isFinished: Bool {
        if table.records.isEmpty || !scheduler.finishedGroups().isEmpty { return true }
        return stop != nil && open.count == waiting.count
    }

    /// When `round` has something to do by time alone; nil while only an answer can change anything.
    package func nextDue(_ now: Instant) -> Instant? {
        var moments = [scheduler.nextWake].compactMap { $0 }
        for id in waiting {
            guard let cell = open[id] else { continue }
            moments += [cell.due, limits[cell.route]?.nextChange(now)].compactMap { $0 }
        }
        moments += limits.values.compactMap { $0.nextChange(now) }
        return moments.min()
    }

    package var dropped: Int { drops.count }

    /// The records, in order, as far as they were made.
    package var results: [PreviewedRecord] {
        table.records.map { record in
            PreviewedRecord(
                values: (0..<blueprint.valueCount).map { table[record, $0] },
                leftOut: Set(blueprint.makers.indices.filter { table.isLeftOut(record, $0) }), drop: drops[record])
        }
    }
}
