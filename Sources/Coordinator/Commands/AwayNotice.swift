import Postgres

/// Says now and then that the database is away, to somebody who waits for it to come back.
struct AwayNotice {
    private var last: ContinuousClock.Instant?

    /// - Throws: what no waiting mends.
    mutating func note(_ error: PostgresError) throws(CommandFailure) {
        guard error.isRetryable else { throw CommandFailure(.other, error.message) }
        guard last.map({ $0.duration(to: .now) > .seconds(10) }) ?? true else { return }
        Talk.line("the database cannot be reached; still trying: \(error.message)")
        last = .now
    }
}
