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

    /// Reads which jobs there are and what is wished of them.
    func pollJobs() async throws(PostgresError) {
        let now = ContinuousClock.now
        guard jobsMayHaveChanged || lastJobPoll.duration(to: now) >= Self.pollInterval else { return }
        jobsMayHaveChanged = false
        lastJobPoll = now
        for stored in try await environment.partitions.jobs(of: partition) {
            if jobs[stored.job.number] == nil {
                adopt(stored)
            } else {
                jobs[stored.job.number]?.commands = stored.openCommands
            }
        }
    }

    /// Takes a job in hand; one that this version cannot run fails with the reason.
    func adopt(_ stored: StoredJob) {
        let job = stored.job
        guard doomed[job.number] == nil else { return }
        do {
            let blueprint = try blueprints[job.number] ?? JobBlueprint(job: job)
            blueprints[job.number] = blueprint
            jobs[job.number] = OwnedJob(
                blueprint: blueprint, nextGroup: stored.nextGroup, finishedGroups: stored.finishedGroups,
                state: job.state, reason: job.reason, isStopping: job.isStopping, commands: stored.openCommands)
            jobNumbers[job.id.rawValue] = job.number
            scheduler.add(blueprint.plan)
            if job.isStopping { stop(job.number) }
        } catch {
            doomed[job.number] = "this version cannot run it: \(error)"
        }
    }

    /// Wishes, cancellations that are complete, and states that changed.
    func updateJobs(_ writes: inout TurnWrites, now: ContinuousClock.Instant) {
        for (number, reason) in doomed where !reason.isEmpty {
            writes.states.append((number, .failed, reason))
            doomed[number] = ""
        }
        for number in jobs.keys {
            carryOutWishes(number, &writes)
            if jobs[number]?.isStopping == true {
                finishCancelling(number, &writes, now: now)
            } else {
                noteWaiting(number, &writes, now: now)
            }
        }
    }

    private func carryOutWishes(_ number: JobNumber, _ writes: inout TurnWrites) {
        for command in jobs[number]?.commands ?? [] {
            switch command.kind {
            case "cancel":
                if jobs[number]?.isStopping == false {
                    jobs[number]?.isStopping = true
                    writes.stopping.append(number)
                    stop(number)
                }
                writes.answeredCommands.append((command.id, "cancelling"))
            default: writes.answeredCommands.append((command.id, "unknown command \(command.kind)"))
            }
        }
        jobs[number]?.commands = []
    }

    private func stop(_ number: JobNumber) {
        scheduler.stop(number)
        jobs[number]?.stopDeadline = ContinuousClock.now.advanced(by: Self.cancelPatience)
        if let id = jobs[number]?.blueprint.job.id { environment.announceStop(id) }
    }

    /// When nothing of the job is out any more: what is complete stays, the rest is cancelled.
    private func finishCancelling(_ number: JobNumber, _ writes: inout TurnWrites, now: ContinuousClock.Instant) {
        guard let job = jobs[number],
            scheduler.cellsOut(of: number) == 0 || job.stopDeadline.map({ $0 <= now }) ?? false
        else { return }
        // A job whose last record ended while it was being cancelled is complete.
        var isComplete = job.nextGroup == job.blueprint.plan.groupCount
        for group in scheduler.activeGroups(of: number) {
            let pending = scheduler.pendingRecords(of: number, group: group)
            isComplete = isComplete && pending.isEmpty
            if let counts = scheduler.counts(of: number, group: group) {
                writes.counts[JobGroup(job: number, group: group)] = counts
            }
            if let finished = finish(number, group, cancelled: pending) { writes.finished.append(finished) }
        }
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
        if job.reason != reason, since.duration(to: now) >= Self.unservedPatience {
            setState(number, .waiting, reason, &writes)
        }
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
            jobs[number] = nil
            blueprints[number] = nil
            shelf.forget(number)
            tables = tables.filter { $0.key.job != number }
        }
    }
}
