import JSON
import Logging
import Scheduling
import Store

/// What clients wish of jobs (table `commands`): they are carried out by the partition's owner, in its transactions.
extension Collector {
    mutating func carryOutWishes(now: ContinuousClock.Instant) {
        for number in jobs.keys where doomed[number] == nil {
            carryOut(jobs[number]?.commands ?? []) { $0.carryOut($1, number, now: now) }
            jobs[number]?.commands = []
        }
        for (number, stored) in ended {
            carryOut(stored.openCommands) { $0.carryOut($1, ended: stored.job) }
            ended[number] = nil
        }
    }

    private mutating func carryOut(_ commands: [OpenCommand], by act: (inout Collector, OpenCommand) -> Answer) {
        for command in commands {
            let changes = decision.writes.changes.count
            let answer = refusedWishes[command.id].map(Answer.refused) ?? act(&self, command)
            if decision.writes.changes.count > changes { decision.writes.changingCommands.append(command.id) }
            decision.writes.answeredCommands.append((command.id, answer.text, answer.isRefused))
            // The others go with the job.
            if command.kind == "delete", !answer.isRefused { return }
        }
    }

    private struct Answer {
        let text: String
        var isRefused = false

        static func refused(_ text: String) -> Answer { Answer(text: text, isRefused: true) }
    }

    private mutating func carryOut(_ command: OpenCommand, _ number: JobNumber, now: ContinuousClock.Instant) -> Answer
    {
        guard let job = jobs[number] else { return .refused("the job is gone") }
        let arguments = (try? JSONValue(parsing: command.arguments)) ?? .null
        if job.isStopping, command.kind != "cancel", command.kind != "delete" {
            return .refused("it is being cancelled")
        }
        switch command.kind {
        case "cancel":
            let abort = arguments["now"]?.boolValue == true
            let wasStopping = job.isStopping
            if !wasStopping {
                jobs[number]?.isStopping = true
                decision.writes.stopping.append(number)
            }
            if !wasStopping || abort {
                let calls = abort ? "calls under way are given up" : "calls under way end and are kept"
                decision.writes.events.append((number, "cancelling", calls))
            }
            stop(number, abort: abort, now: now)
            return Answer(text: abort ? "cancelling; calls under way are given up" : "cancelling")
        case "pause":
            if job.state == .paused { return Answer(text: "paused already: \(job.reason)") }
            pause(number, "user: go on with: \(Self.resume(job))")
            return Answer(text: "paused")
        case "resume": return resume(number, arguments, now: now)
        case "set":
            decision.writes.changes.append(change(number, arguments))
            tellRaised(job, arguments)
            return Answer(text: "set")
        case "retry": return retry(job.blueprint.job, arguments, command.id)
        case "extend": return extend(job.blueprint.job, arguments)
        case "delete": return delete(job.blueprint.job)
        default: return .refused("this version knows no wish \(command.kind)")
        }
    }

    private mutating func carryOut(_ command: OpenCommand, ended job: Job) -> Answer {
        let arguments = (try? JSONValue(parsing: command.arguments)) ?? .null
        switch command.kind {
        case "delete": return delete(job)
        case "retry" where job.state == .completed: return retry(job, arguments, command.id)
        case "extend" where job.state == .completed: return extend(job, arguments)
        default: return .refused("it is \(job.state.rawValue) already")
        }
    }

    private mutating func resume(_ number: JobNumber, _ arguments: JSONValue, now: ContinuousClock.Instant) -> Answer {
        guard let job = jobs[number] else { return .refused("the job is gone") }
        guard job.state == .paused else { return .refused("it is not paused; it is \(job.state.rawValue)") }
        let deadline = arguments["deadline_seconds"]?.doubleValue
        let tokens = arguments["max_tokens"]?.intValue.map(Int64.init)
        if deadline == nil, let passed = job.deadline, passed <= now {
            return .refused("its deadline has passed; add --deadline")
        }
        if let most = tokens ?? job.maximumTokens, job.tokens >= most {
            return .refused("it used \(job.tokens) of \(most) tokens; add a higher --max-tokens-total")
        }
        if deadline != nil || tokens != nil { decision.writes.changes.append(change(number, arguments)) }
        // Until the tables are read again.
        jobs[number]?.deadline = deadline.map { now.advanced(by: .seconds($0)) } ?? job.deadline
        jobs[number]?.maximumTokens = tokens ?? job.maximumTokens
        jobs[number]?.shutdown?.reset()
        jobs[number]?.unservedSince = nil
        jobs[number]?.refusedSince = nil
        setState(number, job.nextGroup > 0 ? .running : .queued, "")
        scheduler.goOn(number)
        decision.announcements.append(.resumed(job.blueprint.job.id))
        return Answer(text: "goes on")
    }

    /// A job that was paused for a bound which is another now is still paused, and says how it goes on.
    private mutating func tellRaised(_ job: OwnedJob, _ arguments: JSONValue) {
        guard job.state == .paused else { return }
        if let most = arguments["max_tokens"]?.intValue, job.reason.hasPrefix("budget:") {
            let next = job.tokens < most ? "go on with: \(Self.resume(job))" : "raise it further"
            setState(job.number, .paused, "budget: it used \(job.tokens) of now \(most) tokens; \(next)")
        } else if arguments["deadline_seconds"]?.doubleValue != nil, job.reason.hasPrefix("deadline:") {
            setState(job.number, .paused, "deadline: it has another now; go on with: \(Self.resume(job))")
        }
    }

    private func change(_ number: JobNumber, _ arguments: JSONValue) -> JobChange {
        .set(
            number, priority: arguments["priority"]?.intValue,
            maximumParallel: arguments["max_parallel"]?.serialized(),
            deadline: arguments["deadline_seconds"]?.doubleValue.map { .seconds($0) },
            maximumTokens: arguments["max_tokens"]?.intValue.map(Int64.init))
    }

    private mutating func retry(_ job: Job, _ arguments: JSONValue, _ wish: Int64) -> Answer {
        decision.writes.changes.append(
            .retry(
                job, kinds: arguments["kinds"]?.arrayValue?.compactMap(\.stringValue) ?? [],
                records: arguments["records"]?.arrayValue?.compactMap { $0.intValue.map(Int64.init) } ?? [], wish: wish)
        )
        return Answer(text: "")
    }

    private mutating func extend(_ job: Job, _ arguments: JSONValue) -> Answer {
        guard let records = arguments["records"]?.intValue.map(Int64.init), records > job.requested else {
            return .refused("it has \(job.requested) records already")
        }
        guard records <= NewJob.mostRecords else {
            return .refused("a job has at most \(NewJob.mostRecords) records")
        }
        for case .extend(job.number, let others) in decision.writes.changes where others >= records {
            return .refused("it is being extended to \(others) records already")
        }
        decision.writes.changes.append(.extend(job.number, to: records))
        return Answer(text: "extended to \(records) records")
    }

    private mutating func delete(_ job: Job) -> Answer {
        decision.writes.changes.append(.delete(job))
        decision.announcements.append(.stopped(job.id, abort: true))
        return Answer(text: "deleted")
    }
}
