import Messages
import Throttle

/// How the limit of a key is to move, as the run settings of the active jobs and the worker's own setting say.
struct LimitPlan: Hashable, Sendable {
    var settings: LimitSettings
    /// Data Designer's own controller, each worker on its own.
    var isDocumented: Bool

    init(_ limits: WireLimitParameters, cap: Int) {
        settings = LimitSettings(cap: cap)
        settings.reduceFactor = limits.reduceFactor
        settings.additiveIncrease = Int(limits.additiveIncrease)
        settings.successWindow = Int(limits.successWindow)
        settings.cooldownSeconds = limits.cooldownSeconds
        settings.ceilingOvershoot = limits.ceilingOvershoot
        settings.rampupSeconds = limits.rampupSeconds
        settings.start = max(1, Int(limits.start))
        settings.breakerSeconds = limits.breakerSeconds
        settings.queueTarget = limits.queueTarget > 0 ? Int(limits.queueTarget) : nil
        isDocumented = limits.documented
    }
}
