import Inference
import Messages
import Throttle

extension WorkerStateMachine {
    /// What a call's end says about its endpoint.
    mutating func judgeEndpoint(_ id: CellID, _ route: Route, _ result: CallResult, _ now: Instant) {
        guard let scopes = routes[route]?.breakerScopes else { return }
        switch result {
        case .value, .again, .keptAgain: succeed(scopes)
        case .failed(let failure, _), .later(let failure, _):
            switch failure.kind.family {
            case .answer, .request, .limited: succeed(scopes)
            case .endpoint:
                let scope = failure.kind.isAboutModel ? BreakerScope.route(route) : scopes[0]
                let failures = (ledger.cells[id]?.endpointFailures ?? 0) + 1
                fail(scope, id, failures, isLastTry(failure.kind, failures), failure, now)
                for other in scopes where other != scope { breakers[other]?.end(id) }
            case .call:
                // Of a probe only: an endpoint that is being tried, and does not answer, is not back yet.
                for scope in scopes where breakers[scope]?.state == .probing(id) {
                    fail(scope, id, 1, true, failure, now)
                }
            }
        case .notSent, .cancelled, .childDied, .noChild:
            for scope in scopes { breakers[scope]?.end(id) }
        }
    }

    private mutating func succeed(_ scopes: [BreakerScope]) {
        if breakers.isEmpty { return }
        for scope in scopes {
            guard let breaker = breakers.removeValue(forKey: scope), !breaker.isClosed else { continue }
            actions.append(.note(.breakerClosed(scope)))
            change()
        }
    }

    private mutating func fail(
        _ scope: BreakerScope, _ id: CellID, _ failures: Int, _ isLast: Bool, _ failure: CallFailure,
        _ now: Instant
    ) {
        let reason = failure.description
        let opened =
            breakers[scope, default: Breaker()]
            .fail(id, cellFailures: failures, isLast: isLast, reason: reason, at: now)
        guard opened else { return }
        actions.append(.note(.breakerOpened(scope, reason: reason)))
        change()
        for route in routes.values.filter({ $0.breakerScopes.contains(scope) }).map(\.route) {
            returnWaiting(on: route, .because("endpoint", reason), now)
        }
    }

    mutating func letBreakersPass(_ now: Instant) {
        for scope in breakers.keys where breakers[scope]?.tick(now) == true {
            actions.append(.note(.breakerProbing(scope)))
            change()
        }
    }

    /// The breaker that keeps the route from starting calls, if any.
    func openBreaker(of route: ServedRoute) -> Breaker? {
        for scope in route.breakerScopes {
            if let breaker = breakers[scope], breaker.isOpen { return breaker }
        }
        return nil
    }

    func unclosedBreaker(of route: ServedRoute) -> Breaker? {
        for scope in route.breakerScopes {
            if let breaker = breakers[scope], !breaker.isClosed { return breaker }
        }
        return nil
    }

    /// Why nothing gets on though a task is taken now and then, to see whether the endpoint is back.
    func standsStill(_ route: ServedRoute) -> String? {
        if let breaker = unclosedBreaker(of: route) { return "endpoint: \(breaker.reason)" }
        return limits[route.limitKey]?.controller.status.state == .open
            ? "rate limit: the endpoint refuses every call" : nil
    }

    func isProbing(_ route: ServedRoute) -> Bool {
        route.breakerScopes.contains { scope in breakers[scope].map { !$0.isClosed && !$0.isOpen } ?? false }
    }
}

extension FailureKind {
    /// It speaks for one model, not for the whole endpoint.
    fileprivate var isAboutModel: Bool { self == .notFound || self == .permission }
}
