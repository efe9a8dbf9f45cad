/// Whether the broker takes results: a worker whose results pile up stops taking work.
struct BrokerGate: Hashable, Sendable {
    static let mostUnconfirmedBytes = 32 << 20
    static let longestBlock: Duration = .seconds(5)

    private var blockedSince: ContinuousClock.Instant?
    private(set) var isOpen = true

    /// connection.blocked, or its end.
    mutating func block(_ isBlocked: Bool, at now: ContinuousClock.Instant) {
        blockedSince = isBlocked ? blockedSince ?? now : nil
    }

    /// Looks again. Once closed it opens at half the bytes, so that it does not flutter.
    mutating func look(unconfirmedBytes: Int, at now: ContinuousClock.Instant) {
        let isBlocked = blockedSince.map { $0 + Self.longestBlock <= now } ?? false
        let most = isOpen ? Self.mostUnconfirmedBytes : Self.mostUnconfirmedBytes / 2
        isOpen = !isBlocked && unconfirmedBytes <= most
    }
}
