import Messages
import Workflow

extension WireLimitParameters {
    /// What one job's run settings ask for; the rest are the defaults.
    init(_ settings: ThrottleSettings) {
        self = .defaults
        if let factor = settings.reduceFactor { reduceFactor = factor }
        if let slots = settings.additiveIncrease { additiveIncrease = UInt32(clamping: slots) }
        if let window = settings.successWindow { successWindow = UInt32(clamping: window) }
        if let seconds = settings.cooldownSeconds { cooldownSeconds = seconds }
        if let overshoot = settings.ceilingOvershoot { ceilingOvershoot = overshoot }
        if let seconds = settings.rampupSeconds { rampupSeconds = seconds }
        if let level = settings.start { start = UInt32(clamping: level) }
        if let seconds = settings.breakerSeconds { breakerSeconds = seconds }
        if let target = settings.queueTarget { queueTarget = UInt32(clamping: target) }
        documented = settings.isDocumented
    }
}
