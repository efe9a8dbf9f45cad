/// The settings of the published controllers, by Data Designer's names and with its defaults.
package struct DocumentedSettings: Hashable, Sendable {
    package var cap: Int
    package var reduceFactor = 0.75
    package var additiveIncrease = 1
    package var successWindow = 25
    package var cooldownSeconds = 2.0
    /// Only the older controller has it.
    package var ceilingOvershoot = 0.10
    package var rampupSeconds = 0.0

    package init(cap: Int) { self.cap = max(1, cap) }

    /// The same parameters as the cluster's law reads.
    package init(_ settings: LimitSettings) {
        cap = settings.cap
        reduceFactor = settings.reduceFactor
        additiveIncrease = settings.additiveIncrease
        successWindow = settings.successWindow
        cooldownSeconds = settings.cooldownSeconds
        ceilingOvershoot = settings.ceilingOvershoot
        rampupSeconds = settings.rampupSeconds
    }

    /// What a refusal leaves of a limit.
    func reduced(_ limit: Int) -> Int { max(1, Int(Double(limit) * reduceFactor)) }
}
