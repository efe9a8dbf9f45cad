/// Tells a worker of the same name, which lives, from an own former connection that the broker has not noticed to be
/// gone.
///
/// Either holds the inbox. What is gone lets go of it within seconds, as a rule: it is tried again for as long as it
/// takes.
struct NameClash {
    enum Verdict: Equatable {
        /// Nothing that was not said before.
        case silent
        /// The first refusal.
        case held
        /// It has been held for so long that another worker must have it; said once.
        case taken
    }

    /// A connection that is cut is missed by the broker after two heartbeats at the latest; one whose process is gone,
    /// at once.
    static let patience: Duration = .seconds(10)

    private var since: ContinuousClock.Instant?
    private var isTold = false

    /// The inbox is another connection's.
    mutating func refused(at now: ContinuousClock.Instant) -> Verdict {
        guard let since else {
            since = now
            return .held
        }
        guard !isTold, since.duration(to: now) >= Self.patience else { return .silent }
        isTold = true
        return .taken
    }

    /// It failed for another reason: what comes next begins anew.
    mutating func otherwise() { self = NameClash() }
}
