import Logging
import Messages
import Postgres
import Scheduling
import Store

/// What becomes of jobs: paused, waiting, cancelled, failed.
extension Collector {
    /// How long a cancelled job waits for calls under way; results that come later are waste.
    static let cancelPatience: Duration = .seconds(120)
    /// How long a provider may be unserved before the job says that it waits: workers take a moment to be heard.
    static let unservedPatience: Duration = .seconds(4)

    static let wordsInterval: Duration = .seconds(60)

    /// Wishes, cancellations that are complete, and states that changed.
    mutating func updateJobs(now: ContinuousClock.Instant) {
        for (number, reason) in doomed { fail(number, reason) }
        carryOutWishes(now: now)
        for number in jobs.keys where doomed[number] == nil {
            if jobs[number]?.isStopping == true {
                finishCancelling(number, now: now)
            } else {
                keepBounds(number, now: now)
                noteWaiting(number, now: now)
            }
        }
    }

    /// A job whose deadline passed, or which used up its tokens, is paused.
    private mutating func keepBounds(_ number: JobNumber, now: ContinuousClock.Instant) {
        guard let job = jobs[number], job.state != .paused, !job.isFinished else { return }
        if let deadline = job.deadline, deadline <= now {
            let resume = "\(Self.resume(job)) --deadline 2h"
            pause(number, "deadline: its time is over; go on with: \(resume)")
        } else if let most = job.maximumTokens, job.tokens >= most {
            pause(
                number,
                "budget: it used \(job.tokens) of \(most) tokens; go on with: \(Self.resume(job)) "
                    + "--max-tokens-total \(most > .max / 2 ? .max : 2 * most)")
        }
    }

    /// Nothing more is sent; what runs ends and is kept, what waits in queues comes back.
    mutating func pause(_ number: JobNumber, _ reason: String) {
        guard let job = jobs[number], job.state != .paused, !job.isStopping else { return }
        setState(number, .paused, reason)
        scheduler.stop(number)
        decision.announcements.append(.stopped(job.blueprint.job.id, abort: false))
        logger.notice(
            "job paused",
            metadata: ["event": "job_paused", "job": "\(job.blueprint.job.id.short)", "reason": "\(reason)"])
    }

    /// Nothing more is sent; the job is cancelled when what is out came back.
    ///
    /// - Parameter abort: calls under way are given up, too.
    mutating func stop(_ number: JobNumber, abort: Bool = false, now: ContinuousClock.Instant) {
        scheduler.stop(number)
        jobs[number]?.stopDeadline = now.advanced(by: Self.cancelPatience)
        if let id = jobs[number]?.blueprint.job.id { decision.announcements.append(.stopped(id, abort: abort)) }
    }

    /// A job that cannot go on: what is complete stays and can be exported, the rest is cancelled.
    private mutating func fail(_ number: JobNumber, _ reason: String) {
        if let id = jobs[number]?.blueprint.job.id { decision.announcements.append(.stopped(id, abort: true)) }
        _ = endGroups(of: number)
        decision.writes.states.append((number, .failed, reason))
    }

    /// Ends the row groups in hand as they are, and those that are open again. False when a record was pending.
    private mutating func endGroups(of number: JobNumber) -> Bool {
        guard let job = jobs[number] else { return false }
        var isComplete = job.reopened.isEmpty
        if !isComplete { decision.writes.abandoned.append((number, job.blueprint.job.storage)) }
        for group in scheduler.activeGroups(of: number) {
            let pending = scheduler.pendingRecords(of: number, group: group)
            isComplete = isComplete && pending.isEmpty
            if let counts = scheduler.counts(of: number, group: group) {
                decision.writes.counts[JobGroup(job: number, group: group)] = counts
            }
            finish(number, group, cancelled: pending)
        }
        return isComplete
    }

    /// When nothing of the job is out any more: what is complete stays, the rest is cancelled.
    private mutating func finishCancelling(_ number: JobNumber, now: ContinuousClock.Instant) {
        // Records or row groups that a wish of this turn opens are not known here: the next copy knows them.
        guard let job = jobs[number], decision.writes.changes.isEmpty,
            scheduler.cellsOut(of: number) == 0 || job.stopDeadline.map({ $0 <= now }) ?? false
        else { return }
        // A job whose last record ended while it was being cancelled is complete.
        let areAllAdmitted = job.nextGroup == job.blueprint.plan.groupCount
        let isComplete = endGroups(of: number) && areAllAdmitted
        setState(number, isComplete ? .completed : .cancelled, isComplete ? "" : "cancelled by its user")
        scheduler.remove(number)
    }

    private mutating func noteWaiting(_ number: JobNumber, now: ContinuousClock.Instant) {
        guard let job = jobs[number], job.state != .paused, !job.isFinished else { return }
        guard let reason = waitingReason(job) else {
            jobs[number]?.unservedSince = nil
            jobs[number]?.refusedSince = nil
            if job.state == .waiting {
                setState(number, job.nextGroup > 0 ? .running : .queued, "")
            }
            return
        }
        let since = job.unservedSince ?? now
        jobs[number]?.unservedSince = since
        let waited = since.duration(to: now)
        // A clock of its own: what refuses now may have been away before.
        let refusedSince = lastingFailure(job) == nil ? nil : job.refusedSince ?? now
        jobs[number]?.refusedSince = refusedSince
        let refused = refusedSince.map { $0.duration(to: now) }
        if let reason = pauseReason(job, waited: waited, refused: refused) { return pause(number, reason) }
        if job.reason != reason, waited >= Self.unservedPatience, isNews(reason, job, now) {
            jobs[number]?.reasonToldAt = now
            setState(number, .waiting, reason)
        }
    }

    /// An endpoint's own words may be others at each call: new ones for the same thing are told once a minute.
    private func isNews(_ reason: String, _ job: OwnedJob, _ now: ContinuousClock.Instant) -> Bool {
        let subject = BlockedRoute.subject
        guard job.state == .waiting, subject(reason) == subject(job.reason) else { return true }
        return job.reasonToldAt.map { $0.duration(to: now) >= Self.wordsInterval } ?? true
    }

    mutating func setState(_ number: JobNumber, _ state: JobState, _ reason: String) {
        jobs[number]?.state = state
        jobs[number]?.reason = reason
        decision.writes.states.append((number, state, reason))
    }
}
