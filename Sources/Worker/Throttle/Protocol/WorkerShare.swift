/// What one worker may start for one key, by leases; never more than its share.
struct WorkerShare: Sendable {
    let worker: String
    /// Whom it follows, and the last grant that it applied.
    private(set) var term = -1
    private(set) var leader: String?
    private var grant = -1
    private(set) var epoch = 0
    private(set) var share = 0
    private(set) var inFlight = 0
    /// Calls that wait for a permit.
    var backlog = 0
    private(set) var leaseUntil = -Double.infinity
    private(set) var pauseUntil = -Double.infinity
    private var retryUntil = -Double.infinity
    private var lastStart = -Double.infinity
    private var isMoving = false
    private var isSpaced = false
    private var served = 0
    private var refusedCount = 0
    private var finishedCount = 0
    private(set) var refusedEver = 0
    /// The number of the report of the last refusal: its answer is awaited.
    private var forfeited = 0
    /// A share was taken back; the leader must hear when it is free.
    private var owesReport = false
    private var number = 0
    private var sent: [Int: Double] = [:]
    private(set) var callSeconds = 0.0
    private var refusalSeconds = 0.0
    private(set) var lastReport: Double
    private var reported = 0
    /// What the last report asked for.
    private var toldWant = 0
    /// The key's cap as this worker knows it, and whether it is its operator's.
    var cap: (count: Int, isOperators: Bool)

    init(worker: String, cap: Int = 1, _ now: Double) {
        self.worker = worker
        self.cap = (cap, false)
        lastReport = now
    }

    // MARK: Starting and ending calls

    /// The earliest time at which a call may start as things stand; infinity without a free slot.
    var mayStartAt: Double {
        guard inFlight < share, backlog > 0 else { return .infinity }
        var gap = 0.0
        if isSpaced {
            // The first round after a pause is spread over a whole call.
            let isResuming = lastStart < pauseUntil + callSeconds
            gap = callSeconds / Double(share) / (isResuming ? 1 : 3)
        }
        let at = max(pauseUntil, lastStart + gap)
        return at < leaseUntil ? at : .infinity
    }

    /// The epoch to stamp the call with, or nil.
    mutating func admit(_ now: Double) -> Int? {
        guard now >= mayStartAt, now < leaseUntil else { return nil }
        inFlight += 1
        lastStart = now
        return epoch
    }

    /// A call was served. True when the leader should hear of it at once.
    mutating func finished(epoch: Int, seconds: Double, _ now: Double) -> Bool {
        inFlight -= 1
        finishedCount += 1
        callSeconds += (seconds - callSeconds) * (callSeconds > 0 ? 0.1 : 1)
        if epoch == self.epoch { served += 1 }
        if owesReport { return inFlight <= share || now - lastReport >= 2 * LimitTiming.messageGap }
        let fresh = served - reported
        return isMoving && fresh >= max(1, share / 2) && now - lastReport >= LimitTiming.messageGap
    }

    /// A call ended that says nothing about the limit. True when the leader should hear that its slot is free.
    mutating func ended() -> Bool {
        inFlight -= 1
        return owesReport && inFlight <= share
    }

    /// The slot does not exist: it is given up until the leader has decided. Always reported at once.
    mutating func refused(epoch: Int, seconds: Double, retryAfter: Double?, _ now: Double) {
        inFlight -= 1
        refusedEver += 1
        refusalSeconds = max(seconds, 0.9 * refusalSeconds)
        if let retryAfter, retryAfter > 0 {
            retryUntil = max(retryUntil, now + retryAfter)
            pauseUntil = max(pauseUntil, retryUntil)
        }
        if epoch == self.epoch { refusedCount += 1 }
        forfeited = number + 1
        share = min(share, inFlight)
    }

    mutating func pause(_ seconds: Double, _ now: Double) { pauseUntil = max(pauseUntil, now + seconds) }

    // MARK: Messages

    /// - Parameter validFrom: since when its answer's lease runs, where that is not now.
    mutating func report(_ now: Double, isSeeking: Bool = false, validFrom: Double? = nil) -> LimitReport {
        number += 1
        sent[number] = validFrom ?? now
        sent[number - 64] = nil
        lastReport = now
        reported = served
        toldWant = inFlight + backlog
        owesReport = owesReport && inFlight > share
        return told(now, isSeeking: isSeeking)
    }

    /// The last report's number again: an answer to a bystander is no beat.
    func told(_ now: Double, isSeeking: Bool = false) -> LimitReport {
        LimitReport(
            worker: worker, number: number, term: term, leader: leader, acknowledged: grant, epoch: epoch,
            served: served, refused: refusedCount, finished: finishedCount, refusedEver: refusedEver,
            retryAfter: max(0, retryUntil - now),
            inFlight: inFlight, want: inFlight + backlog, share: now < leaseUntil ? share : 0,
            callSeconds: callSeconds, refusalSeconds: refusalSeconds, isSeeking: isSeeking, forfeited: forfeited,
            cap: cap.count, isOperatorsCap: cap.isOperators)
    }

    /// More is asked for than there is a share for, and much more than the leader knows.
    func isDemandNews(_ now: Double) -> Bool {
        let want = inFlight + backlog
        return want > share && want > toldWant + toldWant / 2 && now - lastReport >= LimitTiming.messageGap
    }

    /// True when the leader should hear at once that a share is free again.
    mutating func heard(_ grant: LimitGrant, _ now: Double) -> Bool {
        if grant.term != term || grant.leader != leader {
            term = grant.term
            leader = grant.leader
            self.grant = -1
            epoch = -1
        }
        // Late or repeated.
        guard grant.number > self.grant else { return false }
        if grant.epoch > epoch {
            epoch = grant.epoch
            served = 0
            reported = 0
            refusedCount = 0
        }
        isMoving = grant.isMoving
        isSpaced = grant.isSpaced
        if grant.pause > 0 { pause(grant.pause, now) }
        guard let mine = grant.shares[worker] else { return false }
        self.grant = grant.number
        if mine.share < share || inFlight > mine.share { owesReport = true }
        if mine.answers >= forfeited {
            share = mine.share
            forfeited = 0
        } else {
            share = min(mine.share, inFlight)
        }
        leaseUntil = max(leaseUntil, (sent[mine.answers] ?? -.infinity) + LimitTiming.lease)
        return owesReport && inFlight <= share
    }
}
