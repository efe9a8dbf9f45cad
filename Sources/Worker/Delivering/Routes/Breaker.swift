/// A worker's own breaker: after failures that are the endpoint's fault it lets nothing start, then one call at a time
/// until one succeeds.
///
/// It opens at the fifth failure in a row without a success, and when a cell has used up its quick tries with no
/// success of any other call meanwhile. Then it waits 2, 4, 8, 16, 30, 30, ... s before each probe: an endpoint that
/// is away for five minutes gets 13. Any call that is answered shows that the endpoint works: the breaker is thrown
/// away then, and a new one begins closed.
struct Breaker: Hashable, Sendable {
    typealias Instant = ContinuousClock.Instant

    enum State: Hashable, Sendable {
        case closed
        /// Nothing starts.
        case open(until: Instant)
        /// One call may run: the probe, once there is a cell for it.
        case probing(CellID?)
    }

    static let failuresToOpen = 5
    static let firstWait: Duration = .seconds(2)
    static let longestWait: Duration = .seconds(30)

    private(set) var state = State.closed
    /// What the endpoint said last.
    private(set) var reason = ""
    /// The word for its kind of failure, with which `CallFailure.description` begins.
    var kind: String { String(reason.prefix { $0 != ":" }) }
    private var failuresInARow = 0
    private var wait = Self.firstWait

    var isClosed: Bool { state == .closed }
    var isOpen: Bool { if case .open = state { true } else { false } }

    /// Whether a call may start now.
    var allowsCall: Bool { state == .closed || state == .probing(nil) }

    /// A call failed by the endpoint's fault. True when that opened the breaker.
    ///
    /// - Parameters:
    ///   - cellFailures: calls of this cell that failed so in a row, this one included.
    ///   - isLast: there is no quick try left for it.
    mutating func fail(
        _ cell: CellID, cellFailures: Int, isLast: Bool, reason: String, at now: Instant
    ) -> Bool {
        self.reason = reason
        switch state {
        case .closed:
            failuresInARow += 1
            guard failuresInARow >= Self.failuresToOpen || isLast && failuresInARow >= cellFailures else {
                return false
            }
            state = .open(until: now + wait)
            return true
        case .probing(cell):
            wait = min(wait * 2, Self.longestWait)
            state = .open(until: now + wait)
            return true
        case .open, .probing:
            // A call that was under way when it opened: the probes decide.
            return false
        }
    }

    /// A call starts; while probing it is the probe.
    mutating func start(_ cell: CellID) {
        if state == .probing(nil) { state = .probing(cell) }
    }

    /// A call ended in a way that says nothing about the endpoint, or was taken back.
    mutating func end(_ cell: CellID) {
        if state == .probing(cell) { state = .probing(nil) }
    }

    /// Lets time pass. True when the breaker began to probe.
    mutating func tick(_ now: Instant) -> Bool {
        guard case .open(let until) = state, until <= now else { return false }
        state = .probing(nil)
        return true
    }

    /// When `tick` will change something.
    var nextDue: Instant? { if case .open(let until) = state { until } else { nil } }
}
