/// From one level to the next.
extension ClusterLimit {
    mutating func set(_ limit: Int, _ now: Double) {
        self.limit = limit
        round = 0
        since = now
    }

    mutating func park(at limit: Int, _ now: Double) {
        set(min(limit, self.limit), now)
        proven = self.limit
        wall = self.limit + 1
        state = .park
        clean = 0
    }

    mutating func climbOn(_ now: Double) {
        guard let wall, isJudged(max(1, min(settings.successWindow, limit / 2)), now) else { return }
        proven = limit
        movedBy = "served"
        let bold = max(settings.additiveIncrease, Int(settings.ceilingOvershoot * Double(wall - limit)))
        set(min(limit + bold, wall - 1), now)
        if limit == wall - 1 { state = .park }
    }

    /// The level on trial was served for a round: forget the wall and take a step twice as large.
    mutating func searchOn(_ now: Double) {
        if limit >= settings.cap {
            park(at: settings.cap, now)
            return
        }
        wall = nil
        epoch += 1
        movedBy = "served"
        set(min(settings.cap, limit + step), now)
        step *= 2
    }

    /// What the first refusal of an epoch does.
    ///
    /// - Parameters:
    ///   - isLone: enough was served since the refusal before that this one may be noise.
    ///   - alone: for how long there was nothing but refusals.
    mutating func move(isLone: Bool, alone: Double, _ now: Double) {
        if state == .open || alone >= settings.breakerSeconds {
            open(now)
            return
        }
        // By then a success would have been reported.
        let told = max(1.5 * LimitTiming.beat, 1.5 * callSeconds)
        if alone >= told || (dry >= 2 && limit == 1) {
            // The whole endpoint refuses, not a level: forget the wall.
            restart(now)
        } else if limit <= proven, isLone || !isWarned {
            // One refusal is noise, or one slot; the next is a fall.
            isWarned = true
            park(at: max(1, isLone ? limit : limit - 1), now)
        } else {
            retreat(now)
        }
        if dry >= 2 {
            // No success between: ask further and further apart.
            let ours = 0.1 * callSeconds * Self.power(dry - 2)
            pause(min(settings.cooldownSeconds, ours), now)
        }
    }

    /// Back to what is proven; where the proven level itself was refused, capacity fell: cut.
    private mutating func retreat(_ now: Double) {
        let refused = limit
        if limit > proven, proven > 0 {
            set(proven, now)
            patience *= 2
        } else {
            proven = 0
            patience = settings.probeLeast
            set(max(1, Int(Double(refused) * settings.reduceFactor)), now)
        }
        let wall = max(refused, limit + 1)
        self.wall = wall
        state = wall - limit > 1 ? .climb : .park
    }

    private mutating func open(_ now: Double) {
        if state != .open {
            restart(now)
            state = .open
            dry = 1
            opened += 1
        }
        pause(min(settings.openMost, settings.openLeast * Self.power(dry - 1)), now)
    }

    mutating func restart(_ now: Double) {
        state = .search
        step = 1
        proven = 0
        wall = nil
        epoch += 1
        set(1, now)
    }

    /// `need` successes at this level, and long enough: a bucket takes a while to run empty.
    func isJudged(_ need: Int, _ now: Double) -> Bool {
        if let gauge, gauge > 0 || gaugeAt <= since + callSeconds { return false }
        let age = now - max(since, pausedUntil)
        let slow = settle + 1.5 * refusalSeconds
        return round >= need && age >= max(slow, 2 * retryCost)
    }

    /// The level on trial was held for a call's time, and only a reading of the queue is missing.
    func waitsForReading(_ now: Double) -> Bool {
        guard gauge != nil, limit > proven else { return false }
        return now > since + callSeconds && gaugeAt <= since + callSeconds
    }

    func isProbeDue(_ now: Double) -> Bool {
        if let gauge, gauge > 0 { return false }
        if now - lastRefusal < min(1800, settings.retryShare * retryCost) { return false }
        if limit > proven || now < pausedUntil { return false }
        let age = now - since
        let isEnough = clean >= settings.probeRequests && age >= settings.probeLeast
        return isEnough || age >= min(patience, max(settings.probeMost, 8 * callSeconds))
    }

    /// 2 to the power of `exponent`, of 20 at most.
    private static func power(_ exponent: Int) -> Double { Double(1 << min(20, max(0, exponent))) }
}
