/// The controller of Data Designer's newer request admission, for one worker and all kinds of requests of one model.
///
/// A call is stamped with the limit that it was admitted under; a refusal cuts the limit only when the stamp is not
/// above it, so that a wave of refusals cuts once. Its behaviour is that of the reference model.
package struct DocumentedAdmission: Hashable, Sendable {
    package enum End: Hashable, Sendable {
        case succeeded
        case rateLimited(retryAfter: Double?)
        case failed
        /// The worker's own doing: a cancelled call, its own timeout.
        case local
    }

    private(set) var settings: DocumentedSettings
    private(set) var levels: [String: DocumentedLevel] = [:]
    private(set) var inFlight = 0

    package init(_ settings: DocumentedSettings) { self.settings = settings }

    /// The stamp of an admitted call, or nil.
    package mutating func tryAcquire(_ domain: String, _ now: Double) -> Int? {
        var level = level(domain, now)
        level.ramp(settings, now)
        defer { levels[domain] = level }
        guard now >= level.pausedUntil, level.inFlight < min(level.limit, settings.cap), inFlight < settings.cap else {
            return nil
        }
        level.inFlight += 1
        inFlight += 1
        return level.limit
    }

    package mutating func release(_ domain: String, stamp: Int, _ end: End, _ now: Double) {
        var level = level(domain, now)
        defer { levels[domain] = level }
        level.inFlight = max(0, level.inFlight - 1)
        inFlight = max(0, inFlight - 1)
        if case .rateLimited(let retryAfter) = end {
            refuse(&level, stamp: stamp, retryAfter: retryAfter, now)
            return
        }
        if level.isRamping {
            level.ramp(settings, now)
            if end == .succeeded {
                level.streak = 0
                return
            }
        }
        if end == .succeeded, now >= level.pausedUntil {
            level.burst = 0
            level.streak += 1
            if level.streak >= settings.successWindow {
                level.limit = min(settings.cap, level.limit + settings.additiveIncrease)
                level.streak = 0
            }
        } else if level.inFlight == 0, end != .local {
            level.burst = 0
        }
    }

    /// A lower cap holds at once; under a higher one the limit climbs on.
    package mutating func setCap(_ cap: Int) {
        settings.cap = max(1, cap)
        levels = levels.mapValues { level in
            var level = level
            level.limit = min(level.limit, settings.cap)
            return level
        }
    }

    /// Other settings under the same cap; a ramp that has begun goes on by its own.
    mutating func adopt(_ settings: DocumentedSettings) { self.settings = settings }

    private func refuse(_ level: inout DocumentedLevel, stamp: Int, retryAfter: Double?, _ now: Double) {
        level.endRamp()
        level.burst += 1
        level.pause(settings, retryAfter: retryAfter, now)
        level.streak = 0
        guard stamp <= level.limit else { return }
        level.limit = settings.reduced(level.limit)
        if level.ceiling == 0 { level.ceiling = max(1, stamp) }
    }

    private func level(_ domain: String, _ now: Double) -> DocumentedLevel {
        levels[domain] ?? DocumentedLevel(settings, now)
    }
}
