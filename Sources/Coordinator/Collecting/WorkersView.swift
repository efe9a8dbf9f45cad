import Messages

/// Which workers live, what they serve and how much each may have under way, from their beats.
struct WorkersView: Sendable {
    /// A worker that was not heard for so long is taken for gone.
    static let beatLife: Duration = .seconds(3)

    private struct Worker: Sendable {
        var beat: WireBeat
        var heardAt: ContinuousClock.Instant
    }

    private var workers: [String: Worker] = [:]
    private var goodbyes: [String: WireBeat] = [:]
    private var lostRoutes: Set<String> = []

    /// True when who lives, or a share, changed.
    mutating func heard(_ beat: WireBeat, at now: ContinuousClock.Instant) -> Bool {
        let former = workers[beat.worker]
        if beat.leaving {
            workers[beat.worker] = nil
            goodbyes[beat.worker] = beat
            return former != nil
        }
        if let former, former.beat.number >= beat.number, former.beat.number - beat.number < 1 << 32 { return false }
        noteLosses(former?.beat, beat)
        workers[beat.worker] = Worker(beat: beat, heardAt: now)
        return former == nil || former?.beat.providers != beat.providers
            || former?.beat.tools != beat.tools || former?.beat.routes != beat.routes
    }

    /// Routes whose queues the broker lost since the last call, by what workers say.
    mutating func takeLostRoutes() -> Set<String> {
        defer { lostRoutes = [] }
        return lostRoutes
    }

    /// Counts are compared with those of the beat before: what a coordinator did not hear, the overdue rule finds.
    private mutating func noteLosses(_ former: WireBeat?, _ beat: WireBeat) {
        guard let former else { return }
        for route in beat.routes where route.queueLosses > 0 {
            let before = former.routes.first { $0.route == route.route }
            if let before, before.queueLosses < route.queueLosses {
                lostRoutes.insert(route.route.key)
            }
        }
    }

    /// Forgets those that fell silent; true when there were any.
    mutating func expire(at now: ContinuousClock.Instant) -> Bool {
        let silent = workers.filter { $0.value.heardAt.duration(to: now) > Self.beatLife }
        for (id, _) in silent { workers[id] = nil }
        return !silent.isEmpty
    }

    /// The last beats of those that said goodbye since the last call, and have not begun again.
    mutating func takeGoodbyes() -> [WireBeat] {
        defer { goodbyes = [:] }
        return goodbyes.values.filter { workers[$0.worker] == nil }
    }

    /// Keeps for the next call what was taken in vain.
    mutating func giveBack(_ taken: [WireBeat]) {
        for beat in taken where goodbyes[beat.worker] == nil { goodbyes[beat.worker] = beat }
    }

    /// A worker that would take more work.
    func isServing(_ worker: String) -> Bool { workers[worker].map { !$0.beat.draining } ?? false }

    func isKnown(_ worker: String) -> Bool { workers[worker] != nil }

    /// What every live worker says of itself.
    var beats: [WireBeat] { workers.values.map(\.beat) }

    /// Providers that a live worker serves, sorted.
    var providers: [String] { Set(workers.values.flatMap(\.beat.providers)).sorted() }

    /// Tools that no live worker has, with those workers, sorted.
    var lackingTools: [String: [String]] {
        let had = Set(workers.values.flatMap { $0.beat.tools.map { String($0.prefix { $0 != " " }) } })
        let lacking = CodeTool.allCases.map(\.rawValue).filter { !had.contains($0) }
        return Dictionary(uniqueKeysWithValues: lacking.map { ($0, workers.keys.sorted()) })
    }

    func serves(_ route: Route) -> Bool { !beats(of: route).isEmpty }

    /// Calls that the route's live workers may have under way together.
    func shares(_ route: Route) -> Int { beats(of: route).reduce(0) { $0 + Int($1.share) } }

    /// The mean duration of the route's calls, each worker's weighted by its share; nil before the first ended.
    func meanCall(_ route: Route) -> Duration? {
        let known = beats(of: route).filter(\.hasMeanCallMilliseconds)
        guard !known.isEmpty else { return nil }
        let weights = known.reduce(0) { $0 + max(1, Int($1.share)) }
        return .milliseconds(known.reduce(0) { $0 + Int($1.meanCallMilliseconds) * max(1, Int($1.share)) } / weights)
    }

    /// Why no worker takes the route's cells, in one worker's words; nil when one does, or none says.
    func blocked(_ route: Route) -> String? {
        let reasons = beats(of: route).map(\.blockedBy)
        return reasons.isEmpty || reasons.contains("") ? nil : reasons[0]
    }

    /// The kind of failure with which every worker's endpoint of the route answers; nil where one works, or they
    /// differ.
    func failure(_ route: Route) -> String? {
        let kinds = Set(beats(of: route).map(\.breakerReason))
        return kinds.count == 1 ? kinds.first.flatMap { $0.isEmpty ? nil : $0 } : nil
    }

    /// An operator's cap replaces those of workflows on this route.
    func hasOperatorCap(_ route: Route) -> Bool { beats(of: route).contains { $0.operatorCap } }

    /// What every live worker says of each of its routes.
    var routeBeats: [(worker: String, beat: WireRouteBeat)] {
        workers.flatMap { id, worker in worker.beat.routes.map { (id, $0) } }
    }

    private func beats(of route: Route) -> [WireRouteBeat] {
        workers.values.compactMap { worker in
            worker.beat.routes.first { $0.route == route }
        }
    }
}
