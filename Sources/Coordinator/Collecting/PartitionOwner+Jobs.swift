import Logging
import Messages
import Postgres
import Scheduling
import Store

extension PartitionOwner {
    /// How often the tables are asked for new jobs and wishes where no notification came.
    static let pollInterval: Duration = .seconds(2)
    /// How long a cancelled job waits for calls under way; results that come later are waste.
    static let cancelPatience: Duration = .seconds(120)
    /// How long a provider may be unserved before the job says that it waits: workers take a moment to be heard.
    static let unservedPatience: Duration = .seconds(4)
    /// How long all of a route's workers may be refused for a wrong key and the like, before the job is paused.
    static let breakerPatience: Duration = .seconds(30)

    /// Reads which jobs there are and what is wished of them.
    func pollJobs() async throws(PostgresError) {
        let now = ContinuousClock.now
        guard jobsMayHaveChanged || lastJobPoll.duration(to: now) >= Self.pollInterval else { return }
        jobsMayHaveChanged = false
        lastJobPoll = now
        let (outlines, commands) = try await environment.partitions.outlines(of: partition)
        for outline in outlines {
            jobs[outline.number]?.refresh(outline, commands: commands[outline.number] ?? [], now: now)
        }
        // Workflows are read once: only of jobs that are new here, or over and wished something of.
        let isAnyNew = (outlines.map(\.number) + commands.keys).contains { jobs[$0] == nil && doomed[$0] == nil }
        if isAnyNew {
            for stored in try await environment.partitions.jobs(of: partition) where jobs[stored.job.number] == nil {
                adopt(stored)
            }
        }
        // Before anything is published to them: a returned message then means that the broker lost a queue.
        for route in routes.keys where !declaredRoutes.contains(route) { await declare(route) }
    }

    /// Takes a job in hand; one that this version cannot run fails with the reason.
    func adopt(_ stored: StoredJob) {
        let job = stored.job
        guard !job.state.isEnded else {
            ended[job.number] = stored
            return
        }
        guard doomed[job.number] == nil else { return }
        do {
            let blueprint = try blueprints[job.number] ?? JobBlueprint(job: job)
            blueprints[job.number] = blueprint
            jobs[job.number] = OwnedJob(stored, blueprint: blueprint, now: .now)
            jobNumbers[job.id.rawValue] = job.number
            unsavedSpecs.insert(job.number)
            scheduler.add(blueprint.plan)
            if job.isStopping { stop(job.number) }
            if job.state == .paused { scheduler.stop(job.number) }
        } catch {
            doomed[job.number] = "this version cannot run it: \(error)"
        }
    }

    /// Wishes, cancellations that are complete, and states that changed.
    func updateJobs(_ writes: inout TurnWrites, now: ContinuousClock.Instant) {
        for (number, reason) in doomed { fail(number, reason, &writes) }
        carryOutWishes(&writes)
        for number in jobs.keys where doomed[number] == nil {
            if jobs[number]?.isStopping == true {
                finishCancelling(number, &writes, now: now)
            } else {
                keepBounds(number, &writes, now: now)
                noteWaiting(number, &writes, now: now)
            }
        }
    }

    /// A job whose deadline passed, or which used up its tokens, is paused.
    private func keepBounds(_ number: JobNumber, _ writes: inout TurnWrites, now: ContinuousClock.Instant) {
        guard let job = jobs[number], job.state != .paused, !job.isFinished else { return }
        if let deadline = job.deadline, deadline <= now {
            pause(number, "deadline: its time is over; go on with: coordinator resume JOB --deadline 2h", &writes)
        } else if let most = job.maximumTokens, job.tokens >= most {
            pause(
                number,
                "budget: it used \(job.tokens) of \(most) tokens; go on with: coordinator resume JOB "
                    + "--max-tokens-total \(2 * most)", &writes)
        }
    }

    /// Nothing more is sent; what runs ends and is kept, what waits in queues comes back.
    func pause(_ number: JobNumber, _ reason: String, _ writes: inout TurnWrites) {
        guard let job = jobs[number], job.state != .paused, !job.isStopping else { return }
        setState(number, .paused, reason, &writes)
        scheduler.stop(number)
        environment.announceStop(job.blueprint.job.id, false)
        logger.notice(
            "job paused",
            metadata: ["event": "job_paused", "job": "\(job.blueprint.job.id.short)", "reason": "\(reason)"])
    }

    /// - Parameter now: calls under way are given up, too.
    func stop(_ number: JobNumber, now: Bool = false) {
        scheduler.stop(number)
        jobs[number]?.stopDeadline = ContinuousClock.now.advanced(by: Self.cancelPatience)
        if let id = jobs[number]?.blueprint.job.id { environment.announceStop(id, now) }
    }

    /// A job that cannot go on: what is complete stays and can be exported, the rest is cancelled.
    private func fail(_ number: JobNumber, _ reason: String, _ writes: inout TurnWrites) {
        if let id = jobs[number]?.blueprint.job.id { environment.announceStop(id, true) }
        _ = endGroups(of: number, &writes)
        writes.states.append((number, .failed, reason))
    }

    /// Ends the active groups as they are. False when a record was pending.
    private func endGroups(of number: JobNumber, _ writes: inout TurnWrites) -> Bool {
        var isComplete = true
        for group in scheduler.activeGroups(of: number) {
            let pending = scheduler.pendingRecords(of: number, group: group)
            isComplete = isComplete && pending.isEmpty
            if let counts = scheduler.counts(of: number, group: group) {
                writes.counts[JobGroup(job: number, group: group)] = counts
            }
            if let finished = finish(number, group, cancelled: pending) { writes.finished.append(finished) }
        }
        return isComplete
    }

    /// When nothing of the job is out any more: what is complete stays, the rest is cancelled.
    private func finishCancelling(_ number: JobNumber, _ writes: inout TurnWrites, now: ContinuousClock.Instant) {
        guard let job = jobs[number],
            scheduler.cellsOut(of: number) == 0 || job.stopDeadline.map({ $0 <= now }) ?? false
        else { return }
        // A job whose last record ended while it was being cancelled is complete.
        let areAllAdmitted = job.nextGroup == job.blueprint.plan.groupCount
        let isComplete = endGroups(of: number, &writes) && areAllAdmitted
        setState(number, isComplete ? .completed : .cancelled, isComplete ? "" : "cancelled by its user", &writes)
        scheduler.remove(number)
    }

    private func noteWaiting(_ number: JobNumber, _ writes: inout TurnWrites, now: ContinuousClock.Instant) {
        guard let job = jobs[number], job.state != .paused, !job.isFinished else { return }
        let reason = waitingReason(job)
        guard let reason else {
            jobs[number]?.unservedSince = nil
            if job.state == .waiting {
                setState(number, job.nextGroup > 0 ? .running : .queued, "", &writes)
            }
            return
        }
        let since = job.unservedSince ?? now
        jobs[number]?.unservedSince = since
        let waited = since.duration(to: now)
        if let failure = lastingFailure(job), waited >= Self.breakerPatience {
            return pause(number, "endpoint (\(failure)): \(reason)", &writes)
        }
        if let limit = job.throttledLimit, waited >= limit, isBlocked(job) {
            return pause(number, "endpoint: waited \(limit): \(reason)", &writes)
        }
        if job.reason != reason, since.duration(to: now) >= Self.unservedPatience {
            setState(number, .waiting, reason, &writes)
        }
    }

    /// The kind of a failure that waiting does not mend: a wrong key, no right, no such model, no money.
    private func lastingFailure(_ job: OwnedJob) -> String? {
        job.blueprint.plan.routes.lazy.compactMap { self.board.failures[$0] }.first {
            Self.lastingFailures.contains($0)
        }
    }

    private static let lastingFailures: Set<String> = ["authentication", "permission", "not_found", "quota"]

    private func isBlocked(_ job: OwnedJob) -> Bool {
        job.blueprint.plan.routes.contains { board.blocked[$0] != nil }
    }

    private func waitingReason(_ job: OwnedJob) -> String? {
        for case .model(let column) in job.blueprint.makers {
            let provider = column.route.provider
            if !board.providers.contains(provider) {
                let served = board.providers.isEmpty ? "none" : board.providers.joined(separator: ", ")
                return "no worker serves provider \(provider); served now: \(served)"
            }
            if let blocked = board.blocked[column.route.key] { return "waiting on \(column.route): \(blocked)" }
        }
        return nil
    }

    func setState(_ number: JobNumber, _ state: JobState, _ reason: String, _ writes: inout TurnWrites) {
        jobs[number]?.state = state
        jobs[number]?.reason = reason
        writes.states.append((number, state, reason))
    }

    /// After the commit: jobs that ended need no memory.
    func forgetEndedJobs(_ writes: TurnWrites) {
        for (number, state, _) in writes.states where state.isEnded {
            if let id = jobs[number]?.blueprint.job.id { jobNumbers[id.rawValue] = nil }
            logger.info(
                "job \(state.rawValue)",
                metadata: ["event": "job_\(state.rawValue)", "job": "\(jobs[number]?.blueprint.job.id.short ?? "")"])
            scheduler.remove(number)
            overdue.forget(number)
            publications.forget(number)
            doomed[number] = nil
            jobs[number] = nil
            blueprints[number] = nil
            shelf.forget(number)
            ended[number] = nil
            tables = tables.filter { $0.key.job != number }
        }
    }
}
