import Messages
import Throttle

extension WorkerStateMachine {
    /// A route of a provider that this worker serves, or a new cap of one.
    ///
    /// - Parameters:
    ///   - endpoint: its name, which its breaker goes by.
    ///   - limitKey: what is throttled.
    ///   - operatorCap: from providers.yaml; it replaces the workflows' cap.
    ///   - limits: how the active jobs want the limit to move.
    mutating func learn(
        _ route: Route, endpoint: String, limitKey: String, operatorCap: Int?, workflowCap: Int,
        limits parameters: WireLimitParameters = .defaults, at now: Instant
    ) {
        guard phase == .serving else { return }
        if routes[route] == nil {
            var served = ServedRoute(
                route: route, endpoint: endpoint, limitKey: limitKey, operatorCap: operatorCap,
                workflowCap: workflowCap)
            served.limits = parameters
            routes[route] = served
            if limits[limitKey] == nil {
                let plan = LimitPlan(parameters, cap: served.cap)
                limits[limitKey] = KeyLimit(makeLimit(limitKey, plan), plan)
            }
            limits[limitKey]?.add(route)
            actions.append(.open(route))
            actions.append(.note(.routeOpened(route, cap: served.cap)))
            change()
        } else {
            if routes[route]?.workflowCap != workflowCap { change() }
            routes[route]?.workflowCap = workflowCap
            routes[route]?.limits = parameters
        }
        guard let limit = limits[limitKey] else { return }
        let sharers = limit.routes.compactMap { routes[$0] }
        let cap = sharers.map(\.cap).max() ?? 1
        let isOperators = sharers.contains { $0.operatorCap != nil }
        let careful = sharers.dropFirst().reduce(sharers.first?.limits ?? .defaults) { $0.mostCareful(with: $1.limits) }
        limits[limitKey]?.adopt(LimitPlan(careful, cap: cap), now)
        limits[limitKey]?.controller.setCap(cap, isOperators: isOperators, now)
        refreshShare(limitKey, now)
    }

    /// The broker ended the route's consumer. Its queue is made again at once, so that no coordinator would notice; the
    /// beat tells them that what was in it is gone.
    mutating func queueLost(_ route: Route) {
        routes[route]?.queueLosses += 1
        change()
    }

    /// Ends routes that no open job uses, by two answers in a row: news of a new one may have overtaken the first.
    mutating func closeUnusedRoutes(except open: Set<Route>) {
        for route in routes.keys.sorted() {
            routes[route]?.absences += 1
            if open.contains(route) { routes[route]?.absences = 0 }
            guard let served = routes[route], served.absences > 1, served.isIdle else { continue }
            routes[route] = nil
            limits[served.limitKey]?.remove(route)
            if limits[served.limitKey]?.routes.isEmpty == true { limits[served.limitKey] = nil }
            actions.append(.close(route))
            change()
        }
    }

    // MARK: Limits

    mutating func letLimitsPass(_ now: Instant) {
        for key in limits.keys.sorted() {
            if let limit = limits[key], limit.isLawDue {
                let next = makeLimit(key, limit.plan)
                limits[key]?.replace(next)
            }
            limits[key]?.controller.tick(now)
            refreshShare(key, now)
            guard phase == .serving, limits[key]?.isStarved(now) == true else { continue }
            for route in limits[key]?.routes ?? [] where routes[route]?.lines.isEmpty == false {
                returnWaiting(on: route, .because("waited", "no share of the limit"), now)
            }
        }
    }

    /// Looks at a key's share, and tells of a limit that moved.
    mutating func refreshShare(_ key: String, _ now: Instant) {
        let before = limits[key]?.share
        limits[key]?.refresh(now)
        if limits[key]?.share != before { change() }
        guard let moved = limits[key]?.takeChange() else { return }
        change()
        actions.append(.note(.limitMoved(limitKey: key, from: moved.from, to: moved.to)))
    }

    /// Asks the endpoints whose limit this worker leads how many calls wait there, when that is due.
    mutating func askQueues(_ now: Instant) {
        for key in limits.keys {
            guard let interval = limits[key]?.controller.queueInterval(now), let route = limits[key]?.routes.first,
                let place = limits[key]?.queueWatch.ask(every: interval, now)
            else { continue }
            actions.append(.readQueue(limitKey: key, route, place: place))
        }
    }

    /// How many calls wait at a key's endpoint; nil where it does not say.
    ///
    /// - Parameter places: how many there are to ask.
    mutating func queueRead(_ key: String, waiting: Int?, places: Int, at now: Instant) {
        limits[key]?.queueWatch.answered(waiting, places: places, now)
        guard let waiting else { return }
        limits[key]?.controller.queued(waiting: waiting, now)
        refreshShare(key, now)
    }

    // MARK: Consumers

    mutating func adjustConsumers(_ now: Instant) {
        consumersAreDue = false
        for route in routes.keys {
            guard let served = routes[route] else { continue }
            let wanted = deliveriesWanted(served, now)
            let prefetch = routes[route]?.window.adjust(wanted: wanted, held: served.heldDeliveries, at: now)
            guard let prefetch else { continue }
            actions.append(.consume(route, prefetch: prefetch))
        }
    }

    func deliveriesWanted(_ served: ServedRoute, _ now: Instant) -> Int {
        guard blockedBy(served, now) == nil, let limit = limits[served.limitKey] else { return 0 }
        if isProbing(served) { return 1 }
        if limit.share == 0 {
            // Without work it listens for some; else this is an interruption, and nothing changes.
            return limit.isAsking ? max(KeyLimit.listening, served.window.granted) : KeyLimit.listening
        }
        return PrefetchRule.wanted(
            share: min(limit.share, rules.concurrency) * served.batchSize, isRising: limit.controller.status.isRising,
            meanCall: limit.controller.meanCall, meanCells: served.meanCells.value ?? 1,
            meanBytes: served.meanBytes.value ?? 1)
    }

    /// Why nothing is taken from the route; nil when it is.
    func blockedBy(_ served: ServedRoute, _ now: Instant) -> String? {
        if phase != .serving { return "draining" }
        if !gate.isOpen { return "broker takes no results" }
        if outbox.isUnroutable { return "broker lost its queues" }
        if let breaker = openBreaker(of: served) { return "endpoint: \(breaker.reason)" }
        guard let limit = limits[served.limitKey], !limit.isStopped(now) else { return "no share of the limit" }
        if let pause = limit.controller.pausedUntil(now), pause > now + rules.longestConsumedPause {
            return "rate limit"
        }
        return nil
    }
}
