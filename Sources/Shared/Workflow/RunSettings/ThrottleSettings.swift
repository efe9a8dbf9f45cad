package import JSON

/// How the limit of an endpoint moves, as one job's run settings say it: Data Designer's `throttle` (or, by its newer
/// names, `request_admission`), and Tessera's own. Nil: the default.
package struct ThrottleSettings: Sendable, Hashable {
    /// What a fall of capacity leaves of the limit.
    package var reduceFactor: Double?
    /// Least slots added by a step of a climb.
    package var additiveIncrease: Int?
    /// Most successes that a step of a climb takes.
    package var successWindow: Int?
    package var cooldownSeconds: Double?
    package var ceilingOvershoot: Double?
    package var rampupSeconds: Double?
    /// The level at which a search begins.
    package var start: Int?
    /// Nothing but refusals for so long opens the breaker.
    package var breakerSeconds: Double?
    /// Most calls that may wait at an endpoint which queues them.
    package var queueTarget: Int?
    /// Data Designer's own controller, each worker on its own.
    package var isDocumented = false

    package init() {}

    /// As a job stores them: what is not set is left out.
    package var stored: JSONValue {
        var object: JSONObject = [:]
        if let reduceFactor { object["reduce_factor"] = .number(reduceFactor) }
        if let additiveIncrease { object["additive_increase"] = .integer(Int64(additiveIncrease)) }
        if let successWindow { object["success_window"] = .integer(Int64(successWindow)) }
        if let cooldownSeconds { object["cooldown_seconds"] = .number(cooldownSeconds) }
        if let ceilingOvershoot { object["ceiling_overshoot"] = .number(ceilingOvershoot) }
        if let rampupSeconds { object["rampup_seconds"] = .number(rampupSeconds) }
        if let start { object["start"] = .integer(Int64(start)) }
        if let breakerSeconds { object["breaker_seconds"] = .number(breakerSeconds) }
        if let queueTarget { object["queue_target"] = .integer(Int64(queueTarget)) }
        if isDocumented { object["law"] = "documented" }
        return .object(object)
    }

    /// From what `stored` gave.
    package init(stored: JSONValue) {
        reduceFactor = stored["reduce_factor"]?.doubleValue
        additiveIncrease = stored["additive_increase"]?.intValue
        successWindow = stored["success_window"]?.intValue
        cooldownSeconds = stored["cooldown_seconds"]?.doubleValue
        ceilingOvershoot = stored["ceiling_overshoot"]?.doubleValue
        rampupSeconds = stored["rampup_seconds"]?.doubleValue
        start = stored["start"]?.intValue
        breakerSeconds = stored["breaker_seconds"]?.doubleValue
        queueTarget = stored["queue_target"]?.intValue
        isDocumented = stored["law"]?.stringValue == "documented"
    }
}
