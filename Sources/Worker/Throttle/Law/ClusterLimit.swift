/// The law: how many calls may be in flight over the whole cluster, by what was served and refused.
///
/// It remembers two levels: `proven`, the highest that was served for a round, and `wall`, the lowest that was refused
/// above it. Between them it climbs; just under the wall it parks and probes; without a wall it searches with doubling
/// steps. A refusal above `proven` costs the step; at or under it, capacity fell: cut.
///
/// Every decision starts an epoch, and calls carry the epoch they were admitted under: only the first refusal of an
/// epoch moves the limit, so that late, repeated and reordered news are harmless. Times are seconds of one clock.
package struct ClusterLimit: Hashable, Sendable {
    package enum State: String, Hashable, Sendable {
        /// No wall is known, or the wall itself is being tried.
        case search
        /// Between what is proven and the wall.
        case climb
        /// Just under the wall, or at the cap.
        case park
        /// The breaker: the endpoint has refused everything for long, and is asked one call at a time.
        case open
    }

    package internal(set) var settings: LimitSettings
    package internal(set) var state = State.search
    /// Numbers the decisions.
    package internal(set) var epoch = 1
    package internal(set) var limit: Int
    /// The next step of a search.
    var step: Int
    package internal(set) var proven = 0
    package internal(set) var wall: Int?
    /// Successes at this level.
    var round = 0
    /// Successes since the last refusal.
    var clean = 0
    /// When this level began.
    var since: Double
    var rampFrom: Double?
    package internal(set) var pausedUntil = -Double.infinity
    /// Longest wait for the next probe: short after a fall, then doubling.
    var patience = Double.infinity
    /// The proven level was refused once, lately.
    var isWarned = false
    /// The last Retry-After: what a refusal costs here.
    var retryCost = 0.0
    var lastRefusal = -Double.infinity
    /// Refused epochs since the last success of any epoch.
    var dry = 0
    /// Since when there is nothing but refusals.
    var refusedSince: Double?
    /// How long a call takes, and a refusal; the leader keeps them up to date.
    var callSeconds = 0.25
    var refusalSeconds = 0.0
    /// The last reading of the endpoint's queue, and when.
    var gauge: Int?
    var gaugeAt = -Double.infinity
    /// How often the breaker opened and closed.
    package internal(set) var opened = 0
    package internal(set) var closed = 0
    /// How long a level is tried at least before it is judged; the leader shortens it while it is alone.
    var settle: Double
    /// What moved the limit last, for people.
    package internal(set) var movedBy = "start"
    /// Calls refused, whatever their epoch.
    package internal(set) var refusals = 0

    package init(_ settings: LimitSettings, _ now: Double) {
        self.settings = settings
        limit = settings.rampupSeconds > 0 ? 1 : min(settings.start, settings.cap)
        step = limit
        since = now
        settle = settings.settle
        rampFrom = settings.rampupSeconds > 0 ? now : nil
    }

    /// The highest level that is not known to be refused; nil without a wall.
    package var ceiling: Int? { wall.map { $0 - 1 } }

    /// A level is on trial: the leader wants progress at once, not with the next beat.
    package var isMoving: Bool { limit > proven }

    /// Where refusals carry Retry-After calls are spread, so that a token bucket is not met in bursts.
    package var isSpaced: Bool { retryCost > 0 }

    // MARK: Events

    /// A success of any epoch: the endpoint serves.
    package mutating func alive(_ now: Double) {
        dry = 0
        refusedSince = nil
        if state == .open {
            closed += 1
            restart(now)
        }
    }

    /// Successes of calls admitted under `epoch`, while the whole limit was in use.
    package mutating func served(_ count: Int, epoch: Int, _ now: Double) {
        guard epoch == self.epoch, state != .open, rampFrom == nil else { return }
        round += count
        clean += count
        switch state {
        case .climb: climbOn(now)
        case .search:
            // As many successes as slots were added.
            if isJudged(max(limit - proven, limit / 4), now) {
                proven = limit
                searchOn(now)
            }
        case .park, .open:
            if limit > proven, isJudged(limit, now) { proven = limit }
        }
    }

    /// A refusal of a call admitted under `epoch`. Only the first of an epoch moves the limit.
    package mutating func refused(epoch: Int, retryAfter: Double? = nil, _ now: Double) {
        let asked = retryAfter.map { min($0, settings.retryMost) } ?? 0
        if asked > 0 { pause(asked, now) }
        guard epoch == self.epoch else {
            // Late: it moves nothing, but nothing may grow meanwhile.
            round = 0
            return
        }
        retryCost = asked
        movedBy = asked > 0 ? "429, retry in \(Self.tenths(asked)) s" : "429"
        let refusedSince = refusedSince ?? now
        self.refusedSince = refusedSince
        dry += 1
        rampFrom = nil
        let isLone = clean >= settings.probeRequests
        isWarned = isWarned && !isLone
        clean = 0
        lastRefusal = now
        self.epoch += 1
        move(isLone: isLone, alone: now - refusedSince, now)
    }

    /// A reading of the endpoint's queue gauge. It acts as a refusal would, without a pause.
    package mutating func queued(waiting: Int, inFlight: Int, _ now: Double) {
        let target = settings.queueTarget ?? max(4, limit / 4)
        gauge = waiting
        gaugeAt = now
        // The last cut has not drained yet: this queue was answered already.
        guard inFlight <= limit else { return }
        if waiting > target {
            movedBy = "\(waiting) waiting at the endpoint"
            park(at: max(1, limit - waiting + target / 2), now)
            epoch += 1
        } else if waiting > 0, state == .search || state == .climb {
            park(at: limit, now)
        }
    }

    /// What only time decides: the ramp's next level, the next probe.
    package mutating func tick(_ now: Double) {
        if let rampFrom {
            let risen = min(1, (now - rampFrom) / settings.rampupSeconds)
            limit = 1 + Int(Double(settings.cap - 1) * risen)
            if risen >= 1 {
                self.rampFrom = nil
                step = limit
                set(limit, now)
            }
        }
        if state == .park, let wall, wall <= settings.cap, isProbeDue(now) {
            state = .search
            step = 2
            epoch += 1
            movedBy = "probe"
            set(wall, now)
        }
    }

    package mutating func pause(_ seconds: Double, _ now: Double) {
        pausedUntil = max(pausedUntil, now + seconds)
    }

    /// The cap changed. A lower one cuts at once. Above one that alone held the limit the search goes on; a wall that
    /// was refused is still probed.
    package mutating func setCap(_ cap: Int, _ now: Double) {
        let former = settings.cap
        settings.cap = max(1, cap)
        if limit > settings.cap {
            movedBy = "cap \(settings.cap)"
            park(at: settings.cap, now)
            epoch += 1
        } else if state == .park, limit == former, wall == former + 1, settings.cap > former {
            movedBy = "cap \(settings.cap)"
            state = .search
            step = limit
            searchOn(now)
        }
    }

    /// The settings changed while it stands; the cap is not theirs. A ramp that is asked for begins when nothing runs.
    package mutating func adopt(_ settings: LimitSettings, isIdle: Bool, _ now: Double) {
        let isRampNew = settings.rampupSeconds > 0 && settings.rampupSeconds != self.settings.rampupSeconds
        self = adopting(settings)
        if settings.rampupSeconds <= 0, rampFrom != nil {
            rampFrom = nil
            step = limit
            set(limit, now)
        } else if isRampNew, isIdle {
            rampFrom = now
            wall = nil
            proven = 0
            state = .search
            movedBy = "start"
            epoch += 1
            set(1, now)
        }
    }

    /// A number with one decimal.
    static func tenths(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(abs(tenths % 10))"
    }
}
