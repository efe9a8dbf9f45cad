import FoundationEssentials
import Messages
import Throttle

extension WorkerStateMachine {
    // MARK: What it says

    /// Sends what the limits have to say. True when that gave this worker a larger share.
    mutating func tellLimits(_ now: Instant) -> Bool {
        var hasMore = false
        for key in limits.keys {
            let messages = limits[key]?.controller.takeMessages(now) ?? []
            for outgoing in messages { tell(outgoing, key) }
            let before = limits[key]?.share ?? 0
            refreshShare(key, now)
            hasMore = hasMore || limits[key]?.share ?? 0 > before
        }
        return hasMore
    }

    /// Sends the beat when it is due.
    mutating func tell(_ now: Instant) {
        if let due = beats.nextDue(rules), now < due { return }
        let number = beats.send(now)
        inboxWatch.spoke(now)
        actions.append(.signal(beat(number, now)))
    }

    private mutating func tell(_ outgoing: OutgoingLimitMessage, _ key: String) {
        let signal = filled(WireSignal()) {
            switch outgoing.message {
            case .report(let report): $0.limitReport = WireLimitReport(report, key: key)
            case .grant(let grant): $0.limitGrant = WireLimitGrant(grant, key: key)
            case .pause(let pause):
                $0.rateLimited = filled(WireRateLimited()) {
                    $0.worker = worker
                    $0.limitKey = key
                    $0.pauseMilliseconds = UInt32(clamping: Int64((pause / .milliseconds(1)).rounded(.up)))
                }
            case .beat: break
            }
        }
        if case .pause(let pause) = outgoing.message { actions.append(.note(.paused(limitKey: key, pause))) }
        switch outgoing.destination {
        case .everyone: actions.append(.signal(signal))
        case .worker(let worker): actions.append(.tell(worker: worker, signal))
        }
    }

    func beat(_ number: UInt64, _ now: Instant, isLeaving: Bool = false) -> WireSignal {
        let beat = filled(WireBeat()) {
            $0.worker = worker
            $0.number = number
            $0.draining = phase != .serving
            $0.leaving = isLeaving
            $0.providers = beats.providers
            $0.version = about.version
            $0.host = about.host
            $0.concurrency = rules.concurrency == .max ? 0 : UInt32(clamping: rules.concurrency)
            $0.upSeconds = about.startedAt.duration(to: now) / .seconds(1)
            $0.tools = tools
            $0.routes = routes.values.sorted { $0.route < $1.route }.map { routeBeat($0, now) }
        }
        return filled(WireSignal()) { $0.beat = beat }
    }

    private func routeBeat(_ served: ServedRoute, _ now: Instant) -> WireRouteBeat {
        filled(WireRouteBeat()) {
            $0.provider = served.route.provider
            $0.model = served.route.model
            $0.domain = served.route.domain.wire
            $0.limitKey = served.limitKey
            $0.inFlight = UInt32(clamping: served.inFlight)
            $0.held = UInt32(clamping: served.heldDeliveries)
            $0.blockedBy = blockedBy(served, now) ?? standsStill(served) ?? ""
            if let breaker = unclosedBreaker(of: served) {
                $0.breaker = breaker.isOpen ? "open" : "half-open"
                $0.breakerReason = breaker.kind
                $0.nextProbeSeconds = breaker.nextDue.map { max(0, now.duration(to: $0) / .seconds(1)) } ?? 0
            }
            $0.queueLosses = UInt32(clamping: served.queueLosses)
            guard let limit = limits[served.limitKey] else { return }
            $0.limit = UInt32(clamping: limit.controller.limit)
            $0.cap = UInt32(clamping: served.cap)
            $0.operatorCap = served.operatorCap != nil
            $0.refused = UInt64(clamping: limit.controller.status.refused)
            $0.share = UInt32(clamping: limit.share)
            if let mean = limit.controller.meanCall {
                $0.meanCallMilliseconds = UInt32(clamping: Int64(mean / .milliseconds(1)))
            }
        }
    }

    // MARK: What it hears

    /// A signal of any worker; this one hears itself too.
    mutating func heard(_ signal: WireSignal, at now: Instant) {
        switch signal.kind {
        case .beat(let beat): heard(beat, now)
        case .rateLimited(let limited):
            let pause = Duration.milliseconds(Int64(limited.pauseMilliseconds))
            limits[limited.limitKey]?.controller.hear(.pause(pause), now)
            consumersAreDue = true
        case .limitReport(let report): heard(.report(report.limitReport), about: report.limitKey, now)
        case .limitGrant(let grant): heard(.grant(grant.limitGrant), about: grant.limitKey, now)
        case nil: break
        }
    }

    private mutating func heard(_ message: LimitMessage, about key: String, _ now: Instant) {
        guard limits[key] != nil else { return }
        limits[key]?.controller.hear(message, now)
        refreshShare(key, now)
    }

    private mutating func heard(_ beat: WireBeat, _ now: Instant) {
        if beat.worker == worker { inboxWatch.heardItself() }
        var inFlight: [String: Int] = [:]
        for route in beat.routes { inFlight[route.limitKey, default: 0] += Int(route.inFlight) }
        // The others count this worker from when its beat was sent, or later.
        guard let moment = beat.worker == worker ? beats.sentAt(beat.number) : now else { return }
        for (key, count) in inFlight.sorted(by: { $0.key < $1.key }) where limits[key] != nil {
            let peer = PeerBeat(
                worker: beat.worker, number: beat.number, inFlight: count, isDraining: beat.draining,
                isLeaving: beat.leaving)
            limits[key]?.controller.hear(.beat(peer), moment)
            refreshShare(key, now)
        }
    }

    // MARK: Questions

    /// The inbox is there, for the first time or again: what was said meanwhile was missed.
    mutating func inboxReady(at now: Instant) {
        stateQuestionDue = now
        inboxWatch.ready()
        specs.askAgain(at: now)
        change()
    }

    /// The connection for consuming came up, or was lost.
    mutating func consumerConnectionChanged(isConnected: Bool) {
        inboxWatch.hearingChanged(isConnected: isConnected)
    }

    /// What is true now; routes are learned one by one.
    ///
    /// - Parameter open: all that jobs use.
    mutating func stateCame(stoppedJobs jobs: [String], routes open: Set<Route>? = nil, at now: Instant) {
        stateQuestionDue = now + rules.stateInterval
        if let open { closeUnusedRoutes(except: open) }
        // A coordinator may answer by what it read before the job was stopped.
        stopsHeard = stopsHeard.filter { $0.value + rules.staleness > now }
        stoppedJobs = stoppedJobs.filter { jobs.contains($0) || stopsHeard[$0] != nil }
        for job in jobs { stop(job, now) }
    }

    /// Tools were found: their routes are served from now on.
    mutating func hasTools(_ tools: [String], at now: Instant) {
        self.tools = tools
        stateQuestionDue = now
        change()
    }

    /// Asks for the present state soon, at most every 2 s.
    mutating func askForState() {
        guard let due = stateQuestionDue, let lastStateAsked else { return }
        stateQuestionDue = min(due, lastStateAsked + rules.stateQuestionInterval)
    }

    mutating func ask(_ now: Instant) {
        if let due = stateQuestionDue, due <= now {
            stateQuestionDue = now + rules.stateQuestionInterval
            lastStateAsked = now
            actions.append(.ask(filled(WireRequest()) { $0.state = WireStateRequest() }))
        }
        guard specs.hasQuestions else { return }
        let cells = ledger.cells
        for hash in specs.takeQuestions(now, isWaiting: { cells[$0]?.isWaiting == true }) {
            actions.append(.ask(filled(WireRequest()) { $0.spec = Data(hash.bytes) }))
        }
    }
}
