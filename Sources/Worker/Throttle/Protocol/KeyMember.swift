/// One worker's end of the protocol for one key: it reports, obeys, elects and, when it is elected, leads.
///
/// Events and times in, messages out: the caller sends what it puts in `outbox`. Times are seconds of one clock.
struct KeyMember: Sendable {
    let worker: String
    var settings: LimitSettings
    private(set) var share: WorkerShare
    /// While this worker leads.
    private(set) var leader: KeyLeader?
    /// The highest heard of.
    private var term = 0
    /// The law of the last grant heard, and when.
    private(set) var law: ClusterLimit?
    private var lawAt: Double
    private var leaderHeard = -Double.infinity
    /// When any leader last decided, as far as anybody knows that was heard: what it lent ends a lease later.
    private var decidedAt = -Double.infinity
    private var seekingSince: Double?
    /// When it last heard itself from the fanout.
    private var looped = -Double.infinity
    private var lastHello = -Double.infinity
    /// A report is due: `settle` sends it.
    private(set) var isReportDue = false
    /// The last reports of others that sought a leader, and when; in the order in which they came first.
    private var rivals: [(report: LimitReport, at: Double)] = []
    var outbox: [(to: OutgoingLimitMessage.Destination, message: LimitMessage)] = []

    init(worker: String, settings: LimitSettings, _ now: Double) {
        self.worker = worker
        self.settings = settings
        share = WorkerShare(worker: worker, cap: settings.cap, now)
        lawAt = now
        seekingSince = now
    }

    // MARK: Work

    mutating func admit(_ now: Double) -> Int? { share.admit(now) }

    mutating func finished(epoch: Int, seconds: Double, _ now: Double) {
        if share.finished(epoch: epoch, seconds: seconds, now) { isReportDue = true }
    }

    mutating func ended(_ now: Double) {
        if share.ended() { isReportDue = true }
    }

    mutating func refused(epoch: Int, seconds: Double, retryAfter: Double?, _ now: Double) {
        share.refused(epoch: epoch, seconds: seconds, retryAfter: retryAfter, now)
        isReportDue = true
    }

    mutating func pause(_ seconds: Double, _ now: Double) { share.pause(seconds, now) }

    /// Work came or ran out: the leader hears at once when the answer changes its division.
    mutating func demand(_ backlog: Int, _ now: Double) {
        let wasAsking = share.backlog > 0
        share.backlog = backlog
        if wasAsking != (backlog > 0) || share.isDemandNews(now) { isReportDue = true }
    }

    mutating func queued(waiting: Int, _ now: Double) {
        guard leader != nil else { return }
        leader?.queued(waiting: waiting, now)
        decide(now)
    }

    /// To be called once everything that may start has started: reports count the slots that were filled again.
    mutating func settle(_ now: Double) {
        guard isReportDue else { return }
        isReportDue = false
        report(now)
    }

    /// The key's cap as this worker knows it; the leader goes by what all know.
    mutating func setCap(_ cap: Int, isOperators: Bool, _ now: Double) {
        guard share.cap != (max(1, cap), isOperators) else { return }
        settings.cap = max(1, cap)
        share.cap = (settings.cap, isOperators)
        isReportDue = true
    }

    /// How the limit is to move; the cap is not a part of it. Who leads goes by its own settings.
    mutating func adopt(_ settings: LimitSettings, _ now: Double) {
        var settings = settings
        settings.cap = self.settings.cap
        guard settings != self.settings else { return }
        self.settings = settings
        guard let isIdle = leader.map({ !$0.isAnyInFlight }) else { return }
        leader?.law.adopt(settings, isIdle: isIdle, now)
        decide(now)
    }

    // MARK: Time and messages

    mutating func tick(_ now: Double) {
        // Nobody hears us: another leads by now, or soon.
        if leader != nil, now - looped >= LimitTiming.silence { stepDown(now) }
        if leader == nil, now - leaderHeard >= LimitTiming.silence {
            if seekingSince == nil {
                seekingSince = now
                rivals = []
            }
            seek(now)
        } else {
            // More often while answers are missing: one loss costs no lease.
            let isAnswered = share.leaseUntil - now > 1.25 * LimitTiming.beat
            let pace = isAnswered ? LimitTiming.beat : LimitTiming.beat / 4
            if now - share.lastReport >= pace { isReportDue = true }
        }
        if leader != nil { decide(now) }
    }

    mutating func hear(_ message: LimitMessage, _ now: Double) {
        switch message {
        case .grant(let grant): hear(grant, now)
        case .report(let report) where report.worker == worker: heardItself(now)
        case .report(let report): hear(report, now)
        case .beat, .pause: break
        }
    }

    private mutating func heardItself(_ now: Double) {
        // It was cut off, and begins to listen only now.
        if let since = seekingSince, now - looped >= LimitTiming.silence, now - since >= LimitTiming.election {
            seekingSince = now
        }
        looped = now
    }

    private mutating func hear(_ grant: LimitGrant, _ now: Double) {
        decidedAt = now
        if grant.leader == worker, leader != nil, grant.term == term {
            looped = now
            return
        }
        if LeadershipClaim(term: grant.term, worker: grant.leader) < following {
            // Tell it the newer term.
            if grant.leader != worker { outbox.append((.worker(grant.leader), .report(told(now)))) }
            leader?.settledAt = now + LimitTiming.lease
            return
        }
        if leader != nil { stepDown(now) }
        term = grant.term
        law = grant.law
        lawAt = now
        leaderHeard = now
        seekingSince = nil
        let isKnown = share.term >= 0 && share.leader == grant.leader
        let isFree = share.heard(grant, now)
        if isFree || !isKnown || grant.shares[worker] == nil { isReportDue = true }
    }

    /// What a grant must not be older than.
    private var following: LeadershipClaim {
        if leader != nil { return LeadershipClaim(term: term, worker: worker) }
        return LeadershipClaim(term: term, worker: share.term == term ? share.leader : nil)
    }

    private mutating func hear(_ report: LimitReport, _ now: Double) {
        // An answer to it would lend from when it was sent.
        decidedAt = max(decidedAt, leader == nil ? now - report.leaderSilence : now)
        if report.isSeeking {
            if let known = rivals.firstIndex(where: { $0.report.worker == report.worker }) {
                rivals[known] = (report, now)
            } else {
                rivals.append((report, now))
            }
            // "There is a leader": wait.
            let isLeadersOwn = leader != nil && report.term >= 0
            if isLeadersOwn || (leader == nil && seekingSince == nil) {
                outbox.append((.worker(report.worker), .report(told(now))))
            }
        } else if report.term > 0, report.term >= term, seekingSince != nil {
            // Others still follow one: let them let go.
            term = report.term
            seekingSince = now
        }
        guard leader != nil else { return }
        if report.term > term {
            term = report.term
            stepDown(now)
            return
        }
        leader?.hear(report, now)
        decide(now)
    }

    private mutating func report(_ now: Double) {
        if leader != nil {
            // To itself; its own lease runs from when the fanout last answered.
            let report = share.report(now, validFrom: min(now, looped))
            leader?.hear(report, now)
            decide(now)
        } else if seekingSince == nil, let leader = share.leader {
            outbox.append((.worker(leader), .report(share.report(now))))
        }
    }

    /// What another worker hears that asks for a leader, or leads without being one.
    private func told(_ now: Double) -> LimitReport {
        var report = share.told(now)
        report.leaderSilence = leader == nil ? now - decidedAt : 0
        return report
    }

    // MARK: Leading

    private mutating func seek(_ now: Double) {
        if now - lastHello >= LimitTiming.hello {
            lastHello = now
            var report = share.report(now, isSeeking: true)
            report.leaderSilence = now - decidedAt
            outbox.append((.everyone, .report(report)))
        }
        let hasWaited = now - (seekingSince ?? now) >= LimitTiming.election && now - looped < 3 * LimitTiming.hello
        // Who followed last knows the law; of those the lowest id.
        let mine = LeadershipClaim(term: share.term, worker: worker)
        let isBeaten = rivals.contains { rival in
            LeadershipClaim(term: rival.report.term, worker: rival.report.worker) > mine
                && now - rival.at < LimitTiming.election
        }
        if hasWaited, !isBeaten { lead(now) }
    }

    private mutating func lead(_ now: Double) {
        // Nobody that we heard has ever followed anyone: no lease is out.
        let isFirst = term == 0
        var law = self.law?.arriving(lawAt).adopting(settings) ?? ClusterLimit(settings, now)
        if self.law != nil { law.pausedUntil = max(law.pausedUntil, share.pauseUntil) }
        term += 1
        // Who led before may have decided once more than anybody heard.
        let settledAt = isFirst ? now : max(now, decidedAt + LimitTiming.beat + LimitTiming.lease)
        var leader = KeyLeader(worker: worker, term: term, law: law, settledAt: settledAt)
        seekingSince = nil
        // They asked, and will have their part from the start.
        for rival in rivals { leader.hear(rival.report, now) }
        self.leader = leader
        report(now)
    }

    private mutating func stepDown(_ now: Double) {
        guard let leader else { return }
        law = leader.law.leaving(now)
        lawAt = now
        decidedAt = max(decidedAt, looped)
        self.leader = nil
        leaderHeard = now - LimitTiming.silence
        seekingSince = now
        rivals = []
    }

    private mutating func decide(_ now: Double) {
        for (to, grant) in leader?.decide(now) ?? [] {
            let isForMe = to == .everyone || to == .worker(worker)
            if isForMe, share.heard(grant, now) { isReportDue = true }
            if to != .worker(worker) { outbox.append((to, .grant(grant))) }
        }
    }
}
