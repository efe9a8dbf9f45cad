import Logging
import Monitoring
import Postgres
import Store

/// What is heard of limits is written down for clients: each second while there are workers.
extension CoordinatorService {
    static let limitsInterval: Duration = .seconds(1)
    static let limitsPruning: Duration = .seconds(300)

    func writeLimits(_ now: ContinuousClock.Instant) {
        guard let written = limitsWrittenAt, written.duration(to: now) >= Self.limitsInterval else { return }
        limits.expire(at: now)
        gauges.set(limits.readings(workers, at: now))
        let standings = limits.standings(workers, at: now)
        let moments = limits.moments
        let isPruning = limitsPrunedAt.duration(to: now) >= Self.limitsPruning
        let goodbyes = workers.takeGoodbyes()
        let heard = workers.standings(with: goodbyes)
        // What nobody serves any more, by what this coordinator heard.
        let places = Set(standings.map(\.place))
        let unserved = writtenLimits.subtracting(places)
        // A coordinator that has just begun has not heard everybody.
        let hasListened = startedAt.duration(to: now) > .seconds(5)
        let settled = workerOrders.filter { order in
            workers.isKnown(order.worker) ? !workers.isServing(order.worker) : hasListened
        }.map(\.id)
        guard !heard.isEmpty || !unserved.isEmpty || !workerOrders.isEmpty || !moments.isEmpty || isPruning else {
            return
        }
        writtenLimits = places
        if isPruning { limitsPrunedAt = now }
        limitsWrittenAt = nil
        // Beside this actor: a database that hangs must not hold up what matters.
        Task { [limitStore, workerStore, post, logger] in
            do throws(PostgresError) {
                let orders = try await workerStore.record(heard, settled: settled)
                try await limitStore.record(standings, moments, unserved: unserved)
                if isPruning { try await limitStore.prune() }
                post.yield(.standingsWritten(orders))
            } catch {
                logger.debug("cannot write how limits stand", metadata: ["error": "\(error)"])
                post.yield(.standingsUnwritten(goodbyes: goodbyes, unserved: unserved))
            }
        }
    }

    /// Wishes go out again each second until the worker is heard to drain, or is not heard any more.
    func passOn(_ orders: [WorkerStore.Order]) {
        workerOrders = orders
        for order in orders where workers.isServing(order.worker) { announce(draining: order.worker) }
    }
}
