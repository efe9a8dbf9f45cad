import JSON
import Messages
import Monitoring
import Store

/// What the leaders of limits last decided, as their messages say it.
struct LimitsView: Sendable {
    private struct Heard: Sendable {
        var grant: WireLimitGrant
        var at: ContinuousClock.Instant
    }

    /// A leader speaks twice a second.
    static let life: Duration = .seconds(5)

    private var limits: [String: Heard] = [:]

    mutating func heard(_ grant: WireLimitGrant, at now: ContinuousClock.Instant) {
        if let known = limits[grant.limitKey], now < known.at + Self.life,
            (known.grant.term, known.grant.number) >= (grant.term, grant.number)
        {
            return
        }
        limits[grant.limitKey] = Heard(grant: grant, at: now)
    }

    mutating func expire(at now: ContinuousClock.Instant) {
        limits = limits.filter { now < $0.value.at + Self.life }
    }

    /// One row for each limit that is in use.
    var moments: [LimitStore.Moment] {
        limits.values.compactMap { heard in
            let grant = heard.grant
            let inFlight = grant.shares.reduce(0) { $0 + Int($1.inFlight) }
            let isQuiet = inFlight == 0 && grant.law.state != "open"
            guard !isQuiet else { return nil }
            return LimitStore.Moment(
                limitKey: grant.limitKey, limit: Int(grant.law.limit), ceiling: max(0, Int(grant.law.wall) - 1),
                inFlight: inFlight, refused: Int64(clamping: grant.law.refusals), state: grant.law.state,
                movedBy: grant.law.movedBy)
        }
    }

    /// How the limits of the routes stand that live workers serve.
    func standings(_ workers: WorkersView, at now: ContinuousClock.Instant) -> [LimitStore.Standing] {
        var byLimit: [[String]: [(worker: String, beat: WireRouteBeat)]] = [:]
        for (worker, beat) in workers.routeBeats {
            let domain = beat.route.domain.rawValue
            byLimit[[beat.provider, beat.model, beat.limitKey, domain], default: []].append((worker, beat))
        }
        return byLimit.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { name, beats in
            let status = status(name, beats.sorted { $0.worker < $1.worker }, now)
            return LimitStore.Standing(
                provider: name[0], model: name[1], limitKey: name[2], status: status.serialized())
        }
    }

    /// How each limit in use stands over the cluster, for metrics.
    func readings(_ workers: WorkersView, at now: ContinuousClock.Instant) -> [LimitReading] {
        limits.values.map { heard in
            let grant = heard.grant
            var reading = LimitReading(limitKey: grant.limitKey)
            let beats = workers.routeBeats.map(\.beat).filter { $0.limitKey == grant.limitKey }
            reading.limit = Int(grant.law.limit)
            reading.ceiling = grant.law.wall > 0 ? Int(grant.law.wall) - 1 : nil
            reading.cap = Int(grant.law.cap)
            reading.inFlight = beats.reduce(0) { $0 + Int($1.inFlight) }
            reading.pausedSeconds = max(0, grant.pauseSeconds - heard.at.duration(to: now) / .seconds(1))
            reading.epoch = Int(grant.epoch)
            reading.breaker = grant.law.state != "open" ? .closed : reading.inFlight > 0 ? .halfOpen : .open
            reading.rateLimited = Int(clamping: grant.law.refusals)
            return reading
        }
    }

    private func status(
        _ name: [String], _ beats: [(worker: String, beat: WireRouteBeat)], _ now: ContinuousClock.Instant
    ) -> JSONValue {
        let heard = limits[name[2]]
        let law = heard?.grant.law
        let age = heard.map { $0.at.duration(to: now) / .seconds(1) } ?? 0
        let pause = max(0, (heard?.grant.pauseSeconds ?? 0) - age)
        let isOpen = law?.state == "open"
        let inFlight = beats.reduce(0) { $0 + Int($1.beat.inFlight) }
        let means = beats.map { Int64($0.beat.meanCallMilliseconds) }.filter { $0 > 0 }
        return [
            "schema": "route/v1", "provider": .string(name[0]), "model": .string(name[1]),
            "domain": .string(name[3]), "limit_key": .string(name[2]),
            "limit": .integer(Int64(law?.limit ?? beats.map(\.beat.limit).max() ?? 0)),
            "cap": .integer(Int64(law?.cap ?? beats.map(\.beat.cap).max() ?? 0)),
            "operator_cap": .bool(beats.contains { $0.beat.operatorCap }),
            "ceiling": law.flatMap { $0.wall > 0 ? .integer(Int64($0.wall) - 1) : nil } ?? .null,
            "state": .string(law?.state ?? "no leader"), "epoch": .integer(heard?.grant.epoch ?? 0),
            "leader": .string(heard?.grant.leader ?? ""), "moved_by": .string(law?.movedBy ?? ""),
            "in_flight": .integer(Int64(inFlight)),
            "refused": .integer(beats.reduce(0) { $0 + Int64(clamping: $1.beat.refused) }),
            "paused_seconds": .number(Self.tenths(pause)),
            "breaker": .string(isOpen ? (inFlight > 0 ? "half-open" : "open") : "closed"),
            "refused_since_seconds": law.flatMap { law in
                law.hasRefusedSince ? .number(Self.tenths(age - law.refusedSince)) : nil
            } ?? .null,
            "waiting_at_endpoint": law.flatMap { $0.hasGauge ? .integer(Int64($0.gauge)) : nil } ?? .null,
            "mean_call_ms": .integer(means.isEmpty ? 0 : means.reduce(0, +) / Int64(means.count)),
            "workers": .array(beats.map(Self.worker)),
        ]
    }

    private static func worker(_ worker: String, _ beat: WireRouteBeat) -> JSONValue {
        [
            "worker": .string(worker), "share": .integer(Int64(beat.share)),
            "in_flight": .integer(Int64(beat.inFlight)),
            "held": .integer(Int64(beat.held)), "refused": .integer(Int64(clamping: beat.refused)),
            "blocked_by": .string(beat.blockedBy), "breaker": .string(beat.breaker.isEmpty ? "closed" : beat.breaker),
            "next_probe_seconds": .number(tenths(beat.nextProbeSeconds)),
        ]
    }

    private static func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
