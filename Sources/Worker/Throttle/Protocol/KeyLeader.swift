/// Moves the law by what the workers report, and lends the limit out in shares.
///
/// *The sum of the shares is at most the limit* in every decision: a share falls at once, and rises only out of what
/// nobody may still use.
struct KeyLeader: Sendable {
    let worker: String
    let term: Int
    var law: ClusterLimit
    /// Until then an earlier leader's grants may be in force: nobody gets more than it reports to hold.
    var settledAt: Double
    /// In the order in which the workers were heard of.
    var holders: [ShareHolder] = []
    private var number = 0
    private var lastFanout = -Double.infinity
    private var announced: Announcement?

    /// What everybody must hear of when it changes.
    private struct Announcement: Equatable {
        let epoch: Int
        let pausedUntil: Double
        let isMoving: Bool
        let isSpaced: Bool
    }

    init(worker: String, term: Int, law: ClusterLimit, settledAt: Double) {
        self.worker = worker
        self.term = term
        self.law = law
        self.settledAt = settledAt
    }

    // MARK: What it hears

    mutating func hear(_ report: LimitReport, _ now: Double) {
        let place: Int
        if let known = holders.firstIndex(where: { $0.worker == report.worker }) {
            guard report.number > holders[known].number else { return }
            place = known
        } else {
            place = holders.count
            holders.append(ShareHolder(report, now))
        }
        let isMine = report.term == term && report.leader == worker
        let wasInFullUse = isInFullUse(now)
        note(report, of: place, isMine: isMine, now)
        if report.finished > holders[place].finished { law.alive(now) }
        holders[place].finished = report.finished
        law.refusals += max(0, report.refusedEver - holders[place].refusedEver)
        holders[place].refusedEver = report.refusedEver
        guard isMine else { return }
        if holders[place].epoch != report.epoch {
            holders[place].epoch = report.epoch
            holders[place].served = 0
        }
        let fresh = report.served - holders[place].served
        holders[place].served = report.served
        law.refusalSeconds = max(report.refusalSeconds, 0.99 * law.refusalSeconds)
        if report.refused > 0 || report.forfeited > 0 {
            law.refused(epoch: report.refused > 0 ? report.epoch : -1, retryAfter: report.retryAfter, now)
            return
        }
        if report.retryAfter > 0 { law.pause(report.retryAfter, now) }
        if fresh != 0, wasInFullUse { law.served(fresh, epoch: report.epoch, now) }
    }

    var isAnyInFlight: Bool { holders.contains { $0.inFlight > 0 } }

    mutating func queued(waiting: Int, _ now: Double) {
        law.queued(waiting: waiting, inFlight: holders.reduce(0) { $0 + $1.inFlight }, now)
    }

    private mutating func note(_ report: LimitReport, of place: Int, isMine: Bool, _ now: Double) {
        holders[place].heardAt = now
        holders[place].number = report.number
        holders[place].inFlight = report.inFlight
        holders[place].want = report.want
        holders[place].callSeconds = report.callSeconds
        holders[place].cap = (report.cap, report.isOperatorsCap)
        guard isMine else {
            holders[place].inherited = (report.share, now + LimitTiming.lease)
            return
        }
        if report.acknowledged > holders[place].acknowledged {
            holders[place].acknowledged = report.acknowledged
            holders[place].acknowledgedAt = now
        }
        // What answers an earlier report will raise no share there: what it has left is all that it may use.
        holders[place].sent.removeAll { $0.answers < report.forfeited }
        holders[place].kept = report.forfeited > 0 ? (report.share, now + LimitTiming.lease) : (0, -.infinity)
        if report.forfeited > 0, holders[place].sent.isEmpty {
            holders[place].share = min(holders[place].share, holders[place].inFlight)
            holders[place].isOwed = true
        }
    }

    private mutating func isInFullUse(_ now: Double) -> Bool {
        let held = heldByAll(now).reduce(0, +)
        return held >= law.limit && holders.reduce(0) { $0 + $1.want } >= law.limit
    }

    private mutating func heldByAll(_ now: Double) -> [Int] {
        holders.indices.map { holders[$0].held(now) }
    }

    // MARK: What it decides

    /// The grants to send.
    mutating func decide(_ now: Double) -> [(to: OutgoingLimitMessage.Destination, grant: LimitGrant)] {
        holders.removeAll { now - $0.heardAt >= LimitTiming.lease }
        let times = holders.map(\.callSeconds).filter { $0 > 0 }.sorted()
        if !times.isEmpty { law.callSeconds = times[times.count / 2] }
        // Its own refusals it hears without a message.
        law.settle = holders.count == 1 ? law.settings.settleAlone : law.settings.settle
        if let cap, cap != law.settings.cap { law.setCap(cap, now) }
        law.tick(now)
        let changed = lend(now)
        let state = Announcement(
            epoch: law.epoch, pausedUntil: law.pausedUntil, isMoving: law.isMoving, isSpaced: law.isSpaced)
        if state != announced || now - lastFanout >= LimitTiming.beat / 2 {
            announced = state
            lastFanout = now
            return [(.everyone, grant(to: Array(holders.indices), now))]
        }
        return changed.map { (.worker(holders[$0].worker), grant(to: [$0], now)) }
    }

    /// The lowest of the operators' caps, which replace the workflows'; else the highest that any worker knows of.
    private var cap: Int? {
        holders.filter(\.cap.isOperators).map(\.cap.count).min() ?? holders.map(\.cap.count).max()
    }

    /// Sets every share; the places of those that changed, in the order in which they were served.
    private mutating func lend(_ now: Double) -> [Int] {
        var targets = divide(now)
        let held = heldByAll(now)
        var free = law.limit - held.reduce(0, +)
        let room = min(0, free)
        yieldUnused(&targets, held)
        var changed: [Int] = []
        for place in holders.indices.sorted(by: { (holders[$0].waits, $0) < (holders[$1].waits, $1) }) {
            var share = targets[place]
            let before = holders[place].share
            if share > before {
                // What others still hold is not there to give.
                let most = held[place] + (now >= settledAt ? max(0, free) : 0)
                share = max(before, min(share, most))
                free -= max(0, share - held[place])
            }
            guard share != before || holders[place].isOwed else { continue }
            // A turn begins when the slot arrives.
            if holders[place].hasExtra, share > before { holders[place].turn = now }
            holders[place].share = share
            holders[place].isOwed = false
            changed.append(place)
        }
        precondition(holders.reduce(0) { $0 + $1.share } <= law.limit, "shares above the limit were lent")
        precondition(free >= room, "a share was lent that others hold")
        return changed
    }

    /// The limit fell and calls above the new shares still run: idle slots elsewhere pay for them.
    private func yieldUnused(_ targets: inout [Int], _ held: [Int]) {
        let kept = holders.indices.map { min(holders[$0].share, targets[$0]) }
        var over = holders.indices.reduce(0) { $0 + max(held[$1], kept[$1]) } - law.limit
        for place in holders.indices {
            let idle = min(over, kept[place] - holders[place].inFlight)
            guard idle > 0 else { continue }
            targets[place] = kept[place] - idle
            over -= idle
        }
    }

    private mutating func grant(to places: [Int], _ now: Double) -> LimitGrant {
        number += 1
        var shares: [String: LimitGrant.Share] = [:]
        for place in places {
            let holder = holders[place]
            holders[place].sent.append(
                .init(number: number, share: holder.share, at: now, answers: holder.number))
            shares[holder.worker] = .init(
                share: holder.share, answers: holder.number, inFlight: holder.inFlight)
        }
        return LimitGrant(
            term: term, leader: worker, number: number, epoch: law.epoch, pause: max(0, law.pausedUntil - now),
            isMoving: law.isMoving, isSpaced: law.isSpaced, shares: shares, law: law.leaving(now))
    }
}
