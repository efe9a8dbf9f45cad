/// The controller of Data Designer's throttle settings: additive increase, multiplicative decrease, for one worker and
/// one kind of request.
///
/// The first refusal of a burst cuts the limit and pauses; the limit climbs by a step for each window of successes, to
/// a little above the level that was refused. For comparison with the law (`throttle.law: documented`); its behaviour
/// is that of the reference model.
package struct DocumentedThrottle: Hashable, Sendable {
    let settings: DocumentedSettings
    private(set) var level: DocumentedLevel

    package init(_ settings: DocumentedSettings, _ now: Double) {
        self.settings = settings
        level = DocumentedLevel(settings, now)
    }

    package var limit: Int { level.limit }

    /// 0 when a call was admitted, else the seconds to wait before the next question.
    package mutating func tryAcquire(_ now: Double) -> Double {
        level.ramp(settings, now)
        if now < level.pausedUntil { return level.pausedUntil - now }
        if level.inFlight >= level.limit { return 0.05 }
        level.inFlight += 1
        return 0
    }

    package mutating func succeeded(_ now: Double) {
        release()
        level.burst = 0
        level.ramp(settings, now)
        guard !level.isRamping else {
            level.streak = 0
            return
        }
        level.streak += 1
        guard level.streak >= settings.successWindow else { return }
        level.streak = 0
        var top = settings.cap
        if level.ceiling > 0 {
            top = min(top, level.ceiling + max(1, Int(Double(level.ceiling) * settings.ceilingOvershoot)))
        }
        if level.limit < top { level.limit = min(level.limit + settings.additiveIncrease, top) }
    }

    package mutating func rateLimited(retryAfter: Double? = nil, _ now: Double) {
        release()
        level.endRamp()
        level.burst += 1
        level.pause(settings, retryAfter: retryAfter, now)
        level.streak = 0
        guard level.burst == 1 else { return }
        let before = level.limit
        level.limit = settings.reduced(before)
        if level.limit < before { level.ceiling = level.ceiling == 0 ? before : min(level.ceiling, before) }
    }

    package mutating func failed() {
        release()
        if level.inFlight == 0 { level.burst = 0 }
    }

    private mutating func release() { level.inFlight = max(0, level.inFlight - 1) }
}
