import Monitoring
import Throttle

extension WorkerStateMachine {
    /// How each limit stands at this worker, for metrics.
    func readings(_ now: Instant) -> [LimitReading] {
        limits.map { key, limit in
            let status = limit.controller.status
            var reading = LimitReading(limitKey: key)
            reading.limit = status.limit
            reading.ceiling = status.ceiling
            reading.cap = limit.routes.compactMap { routes[$0]?.cap }.max() ?? 0
            reading.inFlight = limit.controller.inFlight
            reading.share = limit.share
            reading.pausedSeconds = limit.controller.pausedUntil(now).map { now.duration(to: $0) / .seconds(1) } ?? 0
            reading.epoch = status.epoch
            reading.breaker = breaker(of: limit, status)
            reading.rateLimited = status.refused
            return reading
        }
    }

    /// The limit's own breaker, or this worker's for one of its routes, whichever is further from closed.
    private func breaker(of limit: KeyLimit, _ status: LimitStatus) -> LimitReading.Breaker {
        let own = limit.routes.compactMap { routes[$0].flatMap(unclosedBreaker) }
        if own.contains(where: \.isOpen) { return .open }
        if status.state == .open { return limit.controller.inFlight > 0 ? .halfOpen : .open }
        return own.isEmpty ? .closed : .halfOpen
    }
}
