/// Reads what a `RunConfig` says of limits: its block `throttle`, or `request_admission` with the newer names.
struct ThrottleSettingsReader {
    let log: ProblemLog

    /// What stands in either block and belongs to the job as a whole.
    struct ForJob {
        var maximumThrottledSeconds: Double?
        var salvageMaximumRounds: Int?
    }

    /// Both blocks at once are a problem: one would silently win.
    func settings(_ fields: FieldReader) -> (ThrottleSettings, ForJob) {
        let blocks = ["throttle", "request_admission"].compactMap { key in fields.node(key).map { (key, $0) } }
        if blocks.count > 1 {
            log.report(fields.path["request_admission"], "says the same as throttle; keep one of them")
        }
        guard let (key, node) = blocks.first,
            let inner = FieldReader(node, at: fields.path[key], as: "limits on requests", log)
        else { return (ThrottleSettings(), ForJob()) }
        var settings = ThrottleSettings()
        settings.reduceFactor = number(inner, "reduce_factor", "multiplicative_decrease_factor")
        if let factor = settings.reduceFactor, !(factor > 0 && factor < 1) {
            log.report(inner.path["reduce_factor"], "must be above 0 and below 1, not \(factor)")
        }
        settings.additiveIncrease = integer(inner, "additive_increase", "additive_increase_step")
        settings.successWindow = integer(inner, "success_window", "successes_until_increase")
        settings.cooldownSeconds = seconds(inner, "cooldown_seconds", nil)
        settings.ceilingOvershoot = seconds(inner, "ceiling_overshoot", nil)
        settings.rampupSeconds = seconds(inner, "rampup_seconds", "startup_ramp_seconds")
        settings.start = inner.integer("start", atLeast: 1)
        settings.breakerSeconds = seconds(inner, "breaker_seconds", nil)
        if settings.breakerSeconds == 0 { log.report(inner.path["breaker_seconds"], "must be above 0") }
        settings.queueTarget = inner.integer("queue_target", atLeast: 1)
        settings.isDocumented = inner.choice("law", Law.self) == .documented
        if inner.node("hold_seconds") != nil {
            let reason = "set TESSERA_HOLD_SECONDS for all processes"
            log.warn(inner.path["hold_seconds"], "is taken and does nothing: \(reason)")
        }
        let forJob = ForJob(
            maximumThrottledSeconds: inner.number("max_throttled_seconds"),
            salvageMaximumRounds: inner.integer("salvage_max_rounds", atLeast: 0))
        if let rounds = forJob.salvageMaximumRounds, rounds > 100 {
            log.report(inner.path["salvage_max_rounds"], "must be at most 100, not \(rounds)")
        }
        inner.finish()
        return (settings, forJob)
    }

    private enum Law: String, CaseIterable {
        case cluster
        case documented
    }

    /// By either name; both must agree.
    private func name(_ fields: FieldReader, _ name: String, _ newer: String) -> String {
        guard fields.node(newer) != nil else { return name }
        if fields.node(name) != nil { log.report(fields.path[newer], "says the same as \(name); keep one of them") }
        return newer
    }

    private func number(_ fields: FieldReader, _ name: String, _ newer: String?) -> Double? {
        let key = newer.map { self.name(fields, name, $0) } ?? name
        _ = fields.node(name)
        return fields.number(key)
    }

    private func integer(_ fields: FieldReader, _ name: String, _ newer: String) -> Int? {
        let key = self.name(fields, name, newer)
        _ = fields.node(name)
        return fields.integer(key, atLeast: 1)
    }

    private func seconds(_ fields: FieldReader, _ name: String, _ newer: String?) -> Double? {
        let value = number(fields, name, newer)
        if let value, !(0...86_400).contains(value) {
            log.report(fields.path[newer ?? name], "must be within 0 and 86400, not \(value)")
        }
        return value
    }
}
