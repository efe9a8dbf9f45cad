import AMQP
import DequeModule
import JSON
import Logging
import Messages
import Scheduling
import Store
import Workflow

/// What came in from workers, and what becomes of it: stored, charged, kept as null, dropped, or waste.
extension PartitionOwner {
    /// Takes deliveries up to the bounds of a transaction, at least one of what is there.
    func takeBatch(_ writes: inout TurnWrites) -> Batch {
        var batch = Batch()
        var cells = 0
        var bytes = 0
        while cells < Self.turnCells, bytes < Self.turnBytes, let delivery = salvage.popFirst() {
            let message = read(WireSalvage.self, delivery, &writes)
            cells += message?.dispatches.reduce(0) { $0 + $1.cells.count } ?? 1
            bytes += delivery.body.count
            batch.salvage.append((delivery, message))
        }
        while cells < Self.turnCells, bytes < Self.turnBytes, let delivery = results.popFirst() {
            let message = read(WireResults.self, delivery, &writes)
            cells += message?.dispatches.reduce(0) { $0 + $1.cells.count } ?? 1
            bytes += delivery.body.count
            batch.results.append((delivery, message))
        }
        return batch
    }

    /// A body that does not parse is kept in `dead_letters` and acknowledged: it never loops.
    private func read<Message: WireMessage>(
        _ type: Message.Type, _ delivery: Delivery, _ writes: inout TurnWrites
    ) -> Message? {
        do throws(WireError) {
            return try Message(decoding: delivery.body)
        } catch {
            logger.error("a message cannot be read", metadata: ["error": "\(error)"])
            writes.deadLetters.append((error.description, delivery.routingKey, delivery.body))
            return nil
        }
    }

    func apply(_ batch: Batch, to writes: inout TurnWrites, now: ContinuousClock.Instant) {
        for case (let delivery, let message?) in batch.results {
            for dispatch in message.dispatches {
                guard let job = owned(dispatch.job) else { continue }
                guard let route = route(of: Int(dispatch.column), in: job) else {
                    keepOdd(delivery, column: dispatch.column, &writes)
                    continue
                }
                overdue.answered(
                    on: route, number: .init(generation: dispatch.generation, sequence: dispatch.sequence))
                for cell in dispatch.cells {
                    store(cell, of: dispatch, worker: message.worker, job: job, &writes)
                }
            }
        }
        for case (let delivery, let message?) in batch.salvage {
            for dispatch in message.dispatches {
                guard let job = owned(dispatch.job) else { continue }
                guard let route = route(of: Int(dispatch.column), in: job) else {
                    keepOdd(delivery, column: dispatch.column, &writes)
                    continue
                }
                let number = DispatchNumber(generation: dispatch.generation, sequence: dispatch.sequence)
                overdue.answered(on: route, number: number)
                for cell in dispatch.cells {
                    let place = Cell(job: job, record: cell.record, column: Int(dispatch.column))
                    switch cell.outcome {
                    case .failed(let failure):
                        charge(failure, cell: place, number: number, worker: message.worker, &writes, now: now)
                    case .returned(let returned): takeBack(returned, place, number, &writes)
                    case .childDeath(let death): count(death, place, number, worker: message.worker, &writes)
                    case nil: break
                    }
                }
            }
        }
    }

    /// Readable, and yet of a column that the job does not have.
    private func keepOdd(_ delivery: Delivery, column: UInt32, _ writes: inout TurnWrites) {
        logger.error("a message names a column that no worker generates", metadata: ["column": "\(column)"])
        writes.deadLetters.append(("no model column \(column)", delivery.routingKey, delivery.body))
    }

    private func owned(_ id: String) -> JobNumber? { jobNumbers[id] }

    /// Nil: no worker generates that column.
    func route(of column: Int, in job: JobNumber) -> String? {
        guard let roles = scheduler.plan(of: job)?.roles, roles.indices.contains(column),
            case .model(let route) = roles[column]
        else { return nil }
        return route
    }

    private func store(
        _ result: WireResultCell, of dispatch: WireDispatchResults, worker: String, job: JobNumber,
        _ writes: inout TurnWrites
    ) {
        let cell = Cell(job: job, record: result.record, column: Int(dispatch.column))
        let key = JobColumn(cell)
        writes.usage[key, default: .init()].calls += Int64(result.calls)
        writes.usage[key, default: .init()].inputTokens += Int64(result.inputTokens)
        writes.usage[key, default: .init()].outputTokens += Int64(result.outputTokens)
        if let refusal = unstorable[cell], scheduler.isWanted(cell) {
            return drop(cell, .init(unstorable: refusal), worker: worker, &writes)
        }
        guard scheduler.value(for: cell) == .store, let group = scheduler.plan(of: job)?.group(of: cell.record) else {
            writes.usage[key, default: .init()].wasted += 1
            return
        }
        let (text, isJSON) = result.value.stored
        writes.usage[key, default: .init()].stored += 1
        writes.values.append(
            StoredValue(
                storage: jobs[job]?.blueprint.job.storage ?? 0, cell: cell, text: text, isJSON: isJSON,
                attempt: Int(result.attempt), worker: worker.withoutNUL,
                inputTokens: Int32(clamping: result.inputTokens),
                outputTokens: Int32(clamping: result.outputTokens),
                callMilliseconds: Int32(clamping: result.callMilliseconds), finishReason: result.finishReason.withoutNUL
            ))
        tables[JobGroup(job: job, group: group)]?
            .set(result.value.jsonValue, record: cell.record, column: cell.column)
        storeSideEffects(result, of: cell, group: group, worker: worker, &writes)
        jobs[job]?.tokens += Int64(result.inputTokens) + Int64(result.outputTokens)
        judge(cell, failed: false, nil, &writes)
        note(group, of: job, &writes)
    }

    /// Values of the columns that a cell writes besides its own.
    private func storeSideEffects(
        _ result: WireResultCell, of cell: Cell, group: Int, worker: String, _ writes: inout TurnWrites
    ) {
        guard !result.sideValues.isEmpty, let blueprint = jobs[cell.job]?.blueprint else { return }
        let columns = blueprint.workflow.sideEffectIndices(of: cell.column)
        for (column, value) in zip(columns, result.sideValues) {
            let (text, isJSON) = value.stored
            writes.values.append(
                StoredValue(
                    storage: blueprint.job.storage, cell: Cell(job: cell.job, record: cell.record, column: column),
                    text: text, isJSON: isJSON, attempt: Int(result.attempt), worker: worker, inputTokens: 0,
                    outputTokens: 0, callMilliseconds: 0, finishReason: ""))
            tables[JobGroup(job: cell.job, group: group)]?
                .set(value.jsonValue, record: cell.record, column: column)
        }
    }

    private func charge(
        _ failure: WireFailure, cell: Cell, number: DispatchNumber, worker: String, _ writes: inout TurnWrites,
        now: ContinuousClock.Instant
    ) {
        let attemptSoFar = scheduler.failures(of: cell)
        let wait = SalvageBackoff.delay(
            afterAttempt: attemptSoFar + 1, chance: Double.random(in: 0..<1, using: &randomness))
        let verdict = scheduler.failure(
            of: cell, under: number, retryAt: failure.retryable ? now.advanced(by: wait) : nil)
        let key = JobColumn(cell)
        countUse(of: cell, failure.calls, failure.inputTokens, failure.outputTokens, &writes)
        switch verdict {
        case .waste: writes.usage[key, default: .init()].wasted += 1
        case .charged(let attempt):
            writes.usage[key, default: .init()].failed += 1
            writes.failures.append(ChargedFailure(cell, attempt: attempt, failure, worker: worker, retryAfter: wait))
        case .dropped(let attempt):
            writes.usage[key, default: .init()].failed += 1
            writes.failures.append(ChargedFailure(cell, attempt: attempt, failure, worker: worker, retryAfter: nil))
            recordDrop(cell, kind: failure.kind, &writes)
            judge(cell, failed: !failure.retryable, failure, &writes)
        case .kept(let attempt):
            writes.usage[key, default: .init()].failed += 1
            writes.failures.append(ChargedFailure(cell, attempt: attempt, failure, worker: worker, retryAfter: nil))
            storeNull(cell, attempt: attempt, worker: worker, &writes)
            judge(cell, failed: !failure.retryable, failure, &writes)
        }
    }

    /// The scheduler counts the cell as there: what it needs is to be stored, so that a takeover finds it.
    private func storeNull(_ cell: Cell, attempt: Int, worker: String, _ writes: inout TurnWrites) {
        guard let job = jobs[cell.job], let group = scheduler.plan(of: cell.job)?.group(of: cell.record) else { return }
        writes.values.append(
            StoredValue(
                storage: job.blueprint.job.storage, cell: cell, text: "null", isJSON: true, attempt: attempt,
                worker: worker, inputTokens: 0, outputTokens: 0, callMilliseconds: 0,
                finishReason: StoredValue.givenUp))
        tables[JobGroup(job: cell.job, group: group)]?.set(.null, record: cell.record, column: cell.column)
        note(group, of: cell.job, &writes)
    }

    /// Pauses a job of which too many cells fail in a way that no retry mends.
    func judge(_ cell: Cell, failed: Bool, _ failure: WireFailure?, _ writes: inout TurnWrites) {
        guard let full = jobs[cell.job]?.shutdown?.note(column: cell.column, failed: failed) else {
            if let verdict = lastVerdict(on: cell) { shutDown(cell.job, verdict, failure?.message ?? "", &writes) }
            return
        }
        shutDown(cell.job, full, failure?.message ?? "", &writes)
    }

    /// A column that has no cell left is judged by what there is of its window.
    private func lastVerdict(on cell: Cell) -> EarlyShutdown.Verdict? {
        guard let job = jobs[cell.job], job.nextGroup == job.blueprint.plan.groupCount,
            case .model(let column) = job.blueprint.makers[cell.column],
            scheduler.cellsOut(of: cell.job, route: column.route.key) == 0,
            scheduler.cellsReady(of: cell.job, route: column.route.key) == 0,
            !scheduler.hasOpenCells(of: cell.job, column: cell.column)
        else { return nil }
        return job.shutdown?.ended(column: cell.column)
    }

    private func shutDown(
        _ number: JobNumber, _ verdict: EarlyShutdown.Verdict, _ cause: String, _ writes: inout TurnWrites
    ) {
        guard let job = jobs[number], job.state != .paused,
            job.nextGroup < job.blueprint.plan.groupCount || scheduler.hasPendingRecords(of: number)
        else { return }
        let name = job.blueprint.workflow.columns[verdict.column].name
        let sentence = "early_shutdown: \(verdict.sentence(column: name))"
        pause(number, cause.isEmpty ? sentence : "\(sentence); the last: \(cause)", &writes)
    }

    /// Gives a record up for what one of its cells holds, or cannot hold.
    func drop(_ cell: Cell, _ failure: WireFailure, worker: String, _ writes: inout TurnWrites) {
        let attempt = scheduler.failures(of: cell) + 1
        if scheduler.keep(cell) {
            writes.failures.append(ChargedFailure(cell, attempt: attempt, failure, worker: worker, retryAfter: nil))
            if case .model = jobs[cell.job]?.blueprint.makers[cell.column] {
                storeNull(cell, attempt: attempt, worker: worker, &writes)
            }
            return
        }
        guard scheduler.drop(record: cell.record, of: cell.job) else { return }
        writes.failures.append(ChargedFailure(cell, attempt: attempt, failure, worker: worker, retryAfter: nil))
        recordDrop(cell, kind: failure.kind, &writes)
    }

    /// The scheduler dropped the record already; this writes it down and gives its memory back.
    func recordDrop(_ cell: Cell, kind: String, _ writes: inout TurnWrites) {
        guard let job = jobs[cell.job], let group = scheduler.plan(of: cell.job)?.group(of: cell.record) else { return }
        writes.drops.append(DroppedRecord(storage: job.blueprint.job.storage, cell: cell, kind: kind))
        tables[JobGroup(job: cell.job, group: group)]?.clear(record: cell.record)
        note(group, of: cell.job, &writes)
    }

    /// The group's counts go in with this transaction.
    func note(_ group: Int, of job: JobNumber, _ writes: inout TurnWrites) {
        if let counts = scheduler.counts(of: job, group: group) {
            writes.counts[JobGroup(job: job, group: group)] = counts
        }
    }
}

extension ChargedFailure {
    init(_ cell: Cell, attempt: Int, _ failure: WireFailure, worker: String, retryAfter: Duration?) {
        self.init(
            cell: cell, attempt: attempt, kind: failure.kind.withoutNUL, message: failure.message.withoutNUL,
            httpStatus: Int16(clamping: failure.httpStatus), finishReason: failure.finishReason.withoutNUL,
            worker: worker.withoutNUL, retryAfter: retryAfter)
    }
}

extension String {
    /// PostgreSQL's text cannot hold U+0000, and endpoints may say anything.
    fileprivate var withoutNUL: String {
        utf8.contains(0) ? String(String.UnicodeScalarView(unicodeScalars.map { $0 == "\0" ? "\u{fffd}" : $0 })) : self
    }
}

extension WireFailure {
    init(kind: String, message: String) {
        self.init()
        self.kind = kind
        self.message = String(message.prefix(500))
    }

    fileprivate init(unstorable refusal: String) { self.init(kind: "unstorable", message: refusal) }
}

extension JobColumn {
    init(_ cell: Cell) { self.init(job: cell.job, column: cell.column) }
}
