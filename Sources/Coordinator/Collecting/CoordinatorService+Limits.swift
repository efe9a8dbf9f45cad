import Logging
import Postgres
import Store

/// What is heard of limits is written down for clients: each second while there are workers.
extension CoordinatorService {
    static let limitsInterval: Duration = .seconds(1)
    static let limitsPruning: Duration = .seconds(300)

    func writeLimits(_ now: ContinuousClock.Instant) {
        guard let written = limitsWrittenAt, written.duration(to: now) >= Self.limitsInterval else { return }
        limits.expire(at: now)
        let standings = limits.standings(workers, at: now)
        let moments = limits.moments
        let isPruning = limitsPrunedAt.duration(to: now) >= Self.limitsPruning
        guard !standings.isEmpty || !moments.isEmpty || isPruning else { return }
        if isPruning { limitsPrunedAt = now }
        limitsWrittenAt = nil
        // Beside this actor: a database that hangs must not hold up what matters.
        Task { [limitStore, post, logger] in
            do throws(PostgresError) {
                try await limitStore.record(standings, moments)
                if isPruning { try await limitStore.prune() }
            } catch {
                logger.debug("cannot write how limits stand", metadata: ["error": "\(error)"])
            }
            post.yield(.limitsWritten)
        }
    }
}
