import AMQP
import CellValues
import JSON
import Logging
import Messages
import Scheduling
import Store
import Workflow

/// What came in from workers, and what becomes of it: stored, charged, handed back, or waste.
extension Collector {
    mutating func take(_ batch: Batch, now: ContinuousClock.Instant) {
        for entry in batch.results {
            switch entry.message {
            case .success(let message): take(message, of: entry.delivery)
            case .failure(let error): setAside(entry.delivery, error.description)
            }
        }
        for entry in batch.salvage {
            switch entry.message {
            case .success(let message): take(message, of: entry.delivery, now: now)
            case .failure(let error): setAside(entry.delivery, error.description)
            }
        }
        judgeEndedColumns()
    }

    /// What cannot be used is kept in `dead_letters` and acknowledged: it never loops.
    private mutating func setAside(_ delivery: Delivery, _ reason: String) {
        logger.error("a message cannot be used", metadata: ["event": "dead_letter", "error": "\(reason)"])
        decision.writes.deadLetters.append(
            DeadLetter(reason: reason, routingKey: delivery.routingKey, body: delivery.body))
    }

    private mutating func take(_ message: WireResults, of delivery: Delivery) {
        let worker = message.worker.withoutNUL
        for dispatch in message.dispatches {
            guard let number = number(of: dispatch.job), let blueprint = jobs[number]?.blueprint else {
                noteLate(dispatch)
                continue
            }
            guard let route = blueprint.plan.route(of: Int(dispatch.column)) else {
                setAside(delivery, "no worker generates column \(dispatch.column)")
                continue
            }
            overdue.answered(on: route, number: .init(generation: dispatch.generation, sequence: dispatch.sequence))
            store(dispatch, job: number, blueprint, worker: worker)
        }
    }

    /// Of a job that is over: counted as waste in its tables, if it has any still.
    private mutating func noteLate(_ dispatch: WireDispatchResults) {
        var usage = UsageDelta()
        for cell in dispatch.cells {
            usage.add(cell.calls, cell.inputTokens, cell.outputTokens)
            usage.wasted += 1
        }
        let column = EndedJobColumn(job: JobID(rawValue: dispatch.job), column: Int(dispatch.column))
        decision.writes.lateUsage[column, default: .init()].add(usage)
    }

    /// As above, of what brought no value.
    private mutating func noteLate(_ dispatch: WireDispatchSalvage) {
        var usage = UsageDelta()
        for cell in dispatch.cells {
            usage.add(cell.failed.calls, cell.failed.inputTokens, cell.failed.outputTokens)
            usage.add(cell.returned.calls, cell.returned.inputTokens, cell.returned.outputTokens)
            usage.wasted += 1
        }
        let column = EndedJobColumn(job: JobID(rawValue: dispatch.job), column: Int(dispatch.column))
        decision.writes.lateUsage[column, default: .init()].add(usage)
    }

    /// All cells of a dispatch are of one column: what they cost is added up once.
    private mutating func store(
        _ dispatch: WireDispatchResults, job: JobNumber, _ blueprint: JobBlueprint, worker: String
    ) {
        let column = Int(dispatch.column)
        var usage = UsageDelta()
        for result in dispatch.cells {
            usage.add(result.calls, result.inputTokens, result.outputTokens)
            let cell = Cell(job: job, record: result.record, column: column)
            if !unstorable.isEmpty, let refusal = unstorable[cell], scheduler.isWanted(cell) {
                drop(cell, WireFailure(kind: "unstorable", message: refusal), worker: worker)
                continue
            }
            guard scheduler.value(for: cell) == .store else {
                usage.wasted += 1
                continue
            }
            usage.stored += 1
            keep(
                result.value, of: cell, blueprint,
                .init(
                    attempt: Int(result.attempt), worker: worker, inputTokens: Int32(clamping: result.inputTokens),
                    outputTokens: Int32(clamping: result.outputTokens),
                    callMilliseconds: Int32(clamping: result.callMilliseconds),
                    finishReason: result.finishReason.withoutNUL))
            // Values of the columns that a cell writes besides its own.
            for (side, value) in zip(blueprint.workflow.sideEffectIndices(of: column), result.sideValues) {
                keep(
                    value, of: Cell(job: job, record: result.record, column: side), blueprint,
                    .init(attempt: Int(result.attempt), worker: worker))
            }
            judge(cell, failed: false)
        }
        jobs[job]?.tokens += usage.inputTokens + usage.outputTokens
        decision.writes.usage[JobColumn(job: job, column: column), default: .init()].add(usage)
    }

    /// A value is stored, and can be used by other columns of its record.
    mutating func keep(_ value: WireValue, of cell: Cell, _ blueprint: JobBlueprint, _ origin: StoredValue.Origin) {
        let (text, isJSON) = value.stored
        decision.writes.values.append(
            StoredValue(storage: blueprint.job.storage, cell: cell, text: text, isJSON: isJSON, origin: origin))
        tables[JobGroup(job: cell.job, group: blueprint.plan.group(of: cell.record))]?
            .set(value.jsonValue, record: cell.record, column: cell.column)
    }

    private mutating func take(_ message: WireSalvage, of delivery: Delivery, now: ContinuousClock.Instant) {
        let worker = message.worker.withoutNUL
        for dispatch in message.dispatches {
            guard let job = number(of: dispatch.job), let blueprint = jobs[job]?.blueprint else {
                noteLate(dispatch)
                continue
            }
            let column = Int(dispatch.column)
            guard let route = blueprint.plan.route(of: column) else {
                setAside(delivery, "no worker generates column \(dispatch.column)")
                continue
            }
            let number = DispatchNumber(generation: dispatch.generation, sequence: dispatch.sequence)
            overdue.answered(on: route, number: number)
            var usage = UsageDelta()
            for salvaged in dispatch.cells {
                let cell = Cell(job: job, record: salvaged.record, column: column)
                switch salvaged.outcome {
                case .failed(let failure):
                    usage.add(failure.calls, failure.inputTokens, failure.outputTokens)
                    if charge(failure, to: cell, under: number, worker: worker, now: now) {
                        usage.failed += 1
                    } else {
                        usage.wasted += 1
                    }
                case .returned(let returned):
                    usage.add(returned.calls, returned.inputTokens, returned.outputTokens)
                    let conversation = returned.hasConversation ? returned.conversation.kept : nil
                    let verdict = scheduler.returned(
                        cell, under: number, requeues: Int(returned.requeues), conversation: conversation)
                    if verdict == .ready {
                        usage.returned += 1
                    } else {
                        usage.wasted += 1
                    }
                case .childDeath(let death):
                    if count(death, of: cell, under: number, worker: worker) {
                        usage.childDeaths += 1
                    } else {
                        usage.wasted += 1
                    }
                case nil: break
                }
            }
            jobs[job]?.tokens += usage.inputTokens + usage.outputTokens
            decision.writes.usage[JobColumn(job: job, column: column), default: .init()].add(usage)
        }
    }
}

extension UsageDelta {
    fileprivate mutating func add(_ calls: UInt32, _ inputTokens: UInt32, _ outputTokens: UInt32) {
        self.calls += Int64(calls)
        self.inputTokens += Int64(inputTokens)
        self.outputTokens += Int64(outputTokens)
    }
}

extension String {
    /// PostgreSQL's text cannot hold U+0000, and endpoints may say anything.
    var withoutNUL: String {
        utf8.contains(0) ? String(String.UnicodeScalarView(unicodeScalars.map { $0 == "\0" ? "\u{fffd}" : $0 })) : self
    }
}
