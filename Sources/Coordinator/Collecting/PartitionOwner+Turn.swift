import AMQP
import CrashPoints
import DequeModule
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

    // MARK: What came in

    /// Takes deliveries up to the bounds of a transaction, at least one of what is there.
    private func takeBatch(_ writes: inout TurnWrites) -> Batch {
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

    private func apply(_ batch: Batch, to writes: inout TurnWrites, now: ContinuousClock.Instant) {
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
                    case .returned:
                        let verdict = scheduler.returned(place, under: number)
                        if verdict == .ready {
                            writes.usage[.init(place), default: .init()].returned += 1
                        } else {
                            writes.usage[.init(place), default: .init()].wasted += 1
                        }
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
        writes.usage[key, default: .init()].calls += Int64(failure.calls)
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
    private func judge(_ cell: Cell, failed: Bool, _ failure: WireFailure?, _ writes: inout TurnWrites) {
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
    private func drop(_ cell: Cell, _ failure: WireFailure, worker: String, _ writes: inout TurnWrites) {
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
    private func note(_ group: Int, of job: JobNumber, _ writes: inout TurnWrites) {
        if let counts = scheduler.counts(of: job, group: group) {
            writes.counts[JobGroup(job: job, group: group)] = counts
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
    fileprivate init(kind: String, message: String) {
        self.init()
        self.kind = kind
        self.message = String(message.prefix(500))
    }

    fileprivate init(unstorable refusal: String) { self.init(kind: "unstorable", message: refusal) }
}

extension JobColumn {
    init(_ cell: Cell) { self.init(job: cell.job, column: cell.column) }
}
