/// An endpoint of a simulation: it refuses what is above its capacity, or what it has no token for, or queues.
final class SimulatedEndpoint {
    enum Kind {
        case slots
        /// Tokens at a rate, so many at most.
        case bucket(rate: Double, size: Double)
        /// Never refuses: what is above the slots waits.
        case queue(slots: Int)
    }

    let kind: Kind
    let capacity: (Double) -> Double
    let service: Double
    /// When the capacity changes.
    let changes: [Double]
    let retryAfter: Double?
    /// How long a refusal takes.
    let refusal: Double
    /// Refuses everything before.
    var opensAt = -Double.infinity
    var running = 0
    private var tokens = 0.0
    private var refilledAt = 0.0

    init(
        _ kind: Kind = .slots, capacity: @escaping (Double) -> Double, service: Double, changes: [Double] = [],
        retryAfter: Double? = nil, refusal: Double = 0.005
    ) {
        self.kind = kind
        self.capacity = capacity
        self.service = service
        self.changes = changes
        self.retryAfter = retryAfter
        self.refusal = refusal
        if case .bucket(_, let size) = kind { tokens = size }
    }

    static func slots(_ count: Int, service: Double, refusal: Double = 0.005) -> SimulatedEndpoint {
        SimulatedEndpoint(capacity: { _ in Double(count) }, service: service, refusal: refusal)
    }

    static func bucket(rate: Double, size: Double, service: Double, retryAfter: Double) -> SimulatedEndpoint {
        SimulatedEndpoint(
            .bucket(rate: rate, size: size), capacity: { _ in rate * service }, service: service, retryAfter: retryAfter
        )
    }

    static func queue(_ slots: Int, service: Double) -> SimulatedEndpoint {
        SimulatedEndpoint(.queue(slots: slots), capacity: { _ in Double(slots) }, service: service)
    }

    func arrive(_ now: Double) -> Bool {
        guard now >= opensAt else { return false }
        if case .bucket(let rate, let size) = kind {
            tokens = min(size, tokens + (now - refilledAt) * rate)
            refilledAt = now
            guard tokens >= 1 else { return false }
            tokens -= 1
        } else if Double(running) >= capacity(now) {
            return false
        }
        running += 1
        return true
    }
}
