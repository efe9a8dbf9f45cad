/// One thing that a connection is asked to do; it ends by exactly one reply.
struct Work: Sendable {
    typealias Reply = CheckedContinuation<Result<[Rows], PostgresError>, Never>

    enum Kind: Sendable {
        /// One transaction, or one step of the session's transaction block.
        case statements(EncodedStatements)
        /// Several statements as text.
        case script(String)
        /// The connection for this session alone, until it ends.
        case session(Session)
        /// The server shall forget these prepared statements.
        case deallocation([String])
    }

    /// A run of calls that must not be mixed with others: a transaction block.
    final class Session: Sendable {}

    let kind: Kind
    /// The session it is part of.
    var session: Session?
    /// True within a transaction block, except for its COMMIT: a lost connection rolls it back.
    var cannotCommit = false
    var deadline: ContinuousClock.Instant?
    var reply: Reply?

    func end(_ result: Result<[Rows], PostgresError>) {
        guard let reply else { return }
        guard cannotCommit, case .failure(var error) = result else { return reply.resume(returning: result) }
        error.outcomeUnknown = false
        reply.resume(returning: .failure(error))
    }
}
