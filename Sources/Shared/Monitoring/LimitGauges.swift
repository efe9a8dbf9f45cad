import CoreMetrics

/// How one limit stands, as metrics say it.
package struct LimitReading: Hashable, Sendable {
    /// Endpoint, short hash of the credential, model, kind of request.
    package let key: Key
    package var limit = 0
    /// Nil: none is known.
    package var ceiling: Int?
    package var cap = 0
    package var inFlight = 0
    /// Of this worker; nil at a coordinator.
    package var share: Int?
    package var pausedSeconds = 0.0
    package var epoch = 0
    package var breaker = Breaker.closed
    /// A running sum.
    package var rateLimited = 0

    package enum Breaker: Int, Sendable {
        case closed
        case halfOpen
        case open
    }

    package struct Key: Hashable, Sendable {
        let dimensions: [[String]]

        /// - Parameter limitKey: `endpoint|credential|model|domain`, each part with `%` and `|` percent-encoded.
        package init(limitKey: String) {
            let parts = limitKey.split(separator: "|", omittingEmptySubsequences: false).map {
                $0.replacing("%7C", with: "|").replacing("%25", with: "%")
            }
            let names = ["endpoint", "credential", "model", "domain"]
            dimensions = parts.count == names.count ? zip(names, parts).map { [$0, String($1)] } : [["key", limitKey]]
        }

        var labels: [(String, String)] { dimensions.map { ($0[0], $0[1]) } }
    }

    package init(limitKey: String) { key = Key(limitKey: limitKey) }
}

/// The gauges and counters of limits, under names that begin with `prefix`. A limit that is not among the readings any
/// more is no longer shown.
package struct LimitGauges {
    private struct Series {
        let gauges: [String: Meter]
        let rateLimited: Counter
        var counted = 0
    }

    private let prefix: String
    private var series: [LimitReading.Key: Series] = [:]

    /// - Parameter prefix: `tessera_worker` or `tessera_endpoint`.
    package init(prefix: String) { self.prefix = prefix }

    package mutating func set(_ readings: [LimitReading]) {
        let known = Set(readings.map(\.key))
        for (key, gone) in series where !known.contains(key) {
            for gauge in gone.gauges.values { gauge.destroy() }
            gone.rateLimited.destroy()
            series[key] = nil
        }
        for reading in readings { set(reading) }
    }

    private mutating func set(_ reading: LimitReading) {
        var one = series[reading.key] ?? make(reading)
        one.gauges["limit"]?.set(reading.limit)
        one.gauges["ceiling"]?.set(reading.ceiling.map(Double.init) ?? .nan)
        one.gauges["cap"]?.set(reading.cap)
        one.gauges["in_flight"]?.set(reading.inFlight)
        one.gauges["share"]?.set(reading.share ?? 0)
        one.gauges["paused_seconds"]?.set(reading.pausedSeconds)
        one.gauges["epoch"]?.set(reading.epoch)
        one.gauges["breaker_state"]?.set(reading.breaker.rawValue)
        // A sum that fell was begun anew.
        let more = reading.rateLimited >= one.counted ? reading.rateLimited - one.counted : reading.rateLimited
        if more > 0 { one.rateLimited.increment(by: more) }
        one.counted = reading.rateLimited
        series[reading.key] = one
    }

    private func make(_ reading: LimitReading) -> Series {
        var names = ["limit", "ceiling", "cap", "in_flight", "paused_seconds", "epoch", "breaker_state"]
        if reading.share != nil { names.append("share") }
        let labels = reading.key.labels
        return Series(
            gauges: Dictionary(
                uniqueKeysWithValues: names.map { ($0, Meter(label: "\(prefix)_\($0)", dimensions: labels)) }),
            rateLimited: Counter(label: "\(prefix)_rate_limited_total", dimensions: labels))
    }
}
