extension WireLimitParameters {
    /// Data Designer's defaults, and Tessera's own.
    package static var defaults: WireLimitParameters {
        var limits = WireLimitParameters()
        limits.reduceFactor = 0.75
        limits.additiveIncrease = 1
        limits.successWindow = 25
        limits.cooldownSeconds = 2
        limits.ceilingOvershoot = 0.1
        limits.rampupSeconds = 0
        limits.start = 4
        limits.breakerSeconds = 30
        return limits
    }

    /// What holds where several jobs, or routes, share one limit: of each value the more careful one. The published law
    /// is taken only where both ask for it.
    package func mostCareful(with other: WireLimitParameters) -> WireLimitParameters {
        var both = self
        both.reduceFactor = min(reduceFactor, other.reduceFactor)
        both.additiveIncrease = min(additiveIncrease, other.additiveIncrease)
        both.successWindow = max(successWindow, other.successWindow)
        both.cooldownSeconds = max(cooldownSeconds, other.cooldownSeconds)
        both.ceilingOvershoot = min(ceilingOvershoot, other.ceilingOvershoot)
        both.rampupSeconds = max(rampupSeconds, other.rampupSeconds)
        both.start = min(start, other.start)
        both.breakerSeconds = min(breakerSeconds, other.breakerSeconds)
        // One that is set is more careful than none.
        both.queueTarget = [queueTarget, other.queueTarget].filter { $0 > 0 }.min() ?? 0
        both.documented = documented && other.documented
        return both
    }
}
