/// What both published controllers remember about one kind of request. Times are seconds of one clock.
struct DocumentedLevel: Hashable, Sendable {
    var limit: Int
    var inFlight = 0
    var pausedUntil = 0.0
    /// Successes since the limit last moved.
    var streak = 0
    /// The lowest level that was refused; 0 before the first refusal.
    var ceiling = 0
    /// Refusals since the last success.
    var burst = 0
    private var rampFrom: Double?

    init(_ settings: DocumentedSettings, _ now: Double) {
        let ramps = settings.rampupSeconds > 0 && settings.cap > 1
        limit = ramps ? 1 : settings.cap
        rampFrom = ramps ? now : nil
    }

    var isRamping: Bool { rampFrom != nil }

    mutating func endRamp() { rampFrom = nil }

    mutating func ramp(_ settings: DocumentedSettings, _ now: Double) {
        guard let rampFrom else { return }
        let elapsed = max(0, now - rampFrom)
        if elapsed >= settings.rampupSeconds {
            limit = settings.cap
            self.rampFrom = nil
        } else {
            limit = min(settings.cap, 1 + Int(Double(settings.cap - 1) * elapsed / settings.rampupSeconds))
        }
    }

    mutating func pause(_ settings: DocumentedSettings, retryAfter: Double?, _ now: Double) {
        let asked = retryAfter.flatMap { $0 > 0 ? $0 : nil }
        pausedUntil = now + (asked ?? settings.cooldownSeconds)
    }
}
