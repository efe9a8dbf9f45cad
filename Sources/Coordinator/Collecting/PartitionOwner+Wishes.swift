import JSON
import Logging
import Scheduling
import Store

/// What clients wish of jobs (table `commands`): they are carried out by the partition's owner, in its transactions.
extension PartitionOwner {
    func carryOutWishes(_ writes: inout TurnWrites) {
        for number in jobs.keys {
            for command in jobs[number]?.commands ?? [] {
                let answer = carryOut(command, number, &writes)
                writes.answeredCommands.append((command.id, answer.text, answer.isRefused))
            }
            jobs[number]?.commands = []
        }
        for (number, stored) in ended {
            for command in stored.openCommands {
                let answer = carryOut(command, ended: stored.job, &writes)
                writes.answeredCommands.append((command.id, answer.text, answer.isRefused))
            }
            ended[number] = nil
        }
    }

    private struct Answer {
        let text: String
        var isRefused = false

        static func refused(_ text: String) -> Answer { Answer(text: text, isRefused: true) }
    }

    private func carryOut(_ command: OpenCommand, _ number: JobNumber, _ writes: inout TurnWrites) -> Answer {
        guard let job = jobs[number] else { return .refused("the job is gone") }
        let arguments = (try? JSONValue(parsing: command.arguments)) ?? .null
        if job.isStopping, command.kind != "cancel", command.kind != "delete" {
            return .refused("it is being cancelled")
        }
        switch command.kind {
        case "cancel":
            let now = arguments["now"]?.boolValue == true
            if !job.isStopping {
                jobs[number]?.isStopping = true
                writes.stopping.append(number)
            }
            stop(number, now: now)
            return Answer(text: now ? "cancelling; calls under way are given up" : "cancelling")
        case "pause":
            if job.state == .paused { return Answer(text: "paused already: \(job.reason)") }
            pause(number, "paused by its user", &writes)
            return Answer(text: "paused")
        case "resume": return resume(number, arguments, &writes)
        case "set":
            writes.changes.append(change(number, arguments))
            return Answer(text: "set")
        case "retry": return retry(job.blueprint.job, arguments, &writes)
        case "extend": return extend(job.blueprint.job, arguments, &writes)
        case "delete": return delete(job.blueprint.job, &writes)
        default: return .refused("this version knows no wish \(command.kind)")
        }
    }

    private func carryOut(_ command: OpenCommand, ended job: Job, _ writes: inout TurnWrites) -> Answer {
        let arguments = (try? JSONValue(parsing: command.arguments)) ?? .null
        switch command.kind {
        case "delete": return delete(job, &writes)
        case "retry" where job.state == .completed: return retry(job, arguments, &writes)
        case "extend" where job.state == .completed: return extend(job, arguments, &writes)
        default: return .refused("it is \(job.state.rawValue) already")
        }
    }

    private func resume(_ number: JobNumber, _ arguments: JSONValue, _ writes: inout TurnWrites) -> Answer {
        guard let job = jobs[number] else { return .refused("the job is gone") }
        guard job.state == .paused else { return .refused("it is not paused; it is \(job.state.rawValue)") }
        let deadline = arguments["deadline_seconds"]?.doubleValue
        let tokens = arguments["max_tokens"]?.intValue.map(Int64.init)
        if deadline == nil, let passed = job.deadline, passed <= .now {
            return .refused("its deadline has passed; add --deadline")
        }
        if let most = tokens ?? job.maximumTokens, job.tokens >= most {
            return .refused("it used \(job.tokens) of \(most) tokens; add a higher --max-tokens-total")
        }
        if deadline != nil || tokens != nil { writes.changes.append(change(number, arguments)) }
        // Until the tables are read again.
        jobs[number]?.deadline = deadline.map { ContinuousClock.now.advanced(by: .seconds($0)) } ?? job.deadline
        jobs[number]?.maximumTokens = tokens ?? job.maximumTokens
        jobs[number]?.shutdown?.reset()
        jobs[number]?.unservedSince = nil
        setState(number, job.nextGroup > 0 ? .running : .queued, "", &writes)
        scheduler.goOn(number)
        environment.announceResume(job.blueprint.job.id)
        return Answer(text: "goes on")
    }

    private func change(_ number: JobNumber, _ arguments: JSONValue) -> JobChange {
        jobsMayHaveChanged = true
        return .set(
            number, priority: arguments["priority"]?.intValue,
            maximumParallel: arguments["max_parallel"]?.serialized(),
            deadline: arguments["deadline_seconds"]?.doubleValue.map { .seconds($0) },
            maximumTokens: arguments["max_tokens"]?.intValue.map(Int64.init))
    }

    private func retry(_ job: Job, _ arguments: JSONValue, _ writes: inout TurnWrites) -> Answer {
        writes.changes.append(
            .retry(
                job, kinds: arguments["kinds"]?.arrayValue?.compactMap(\.stringValue) ?? [],
                records: arguments["records"]?.arrayValue?.compactMap { $0.intValue.map(Int64.init) } ?? []))
        return Answer(text: "dropped records are tried again")
    }

    private func extend(_ job: Job, _ arguments: JSONValue, _ writes: inout TurnWrites) -> Answer {
        guard let records = arguments["records"]?.intValue.map(Int64.init), records > job.requested else {
            return .refused("it has \(job.requested) records already")
        }
        writes.changes.append(.extend(job.number, to: records))
        return Answer(text: "extended to \(records) records")
    }

    private func delete(_ job: Job, _ writes: inout TurnWrites) -> Answer {
        writes.changes.append(.delete(job))
        environment.announceStop(job.id, true)
        return Answer(text: "deleted")
    }

    /// After the commit of a transaction with `changes`: what is true is read from the tables, as after every trouble.
    func settle(_ changes: [JobChange]) async {
        for change in changes {
            switch change {
            case .set: jobsMayHaveChanged = true
            case .extend(let number, _):
                blueprints[number] = nil
                needsRecovery = true
            case .retry: needsRecovery = true
            case .delete(let job):
                blueprints[job.number] = nil
                doomed[job.number] = nil
                needsRecovery = true
                guard job.storage != 0 else { continue }
                do {
                    try await environment.jobs.dropStorage(job.storage)
                } catch {
                    logger.warning(
                        "the tables of a deleted job remain",
                        metadata: ["storage": "\(job.storage)", "error": "\(error)"])
                }
            }
        }
    }
}
