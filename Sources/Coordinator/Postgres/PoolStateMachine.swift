/// Who uses which connection of a pool, and when a lost one is tried again.
///
/// Every event changes the state only; the owner then carries out `next` until there is nothing more to do. Any number
/// of shared users may be on one connection; an exclusive one has it alone, and one connection of several always stays
/// with the shared ones.
struct PoolStateMachine {
    typealias Instant = ContinuousClock.Instant
    typealias WaiterID = UInt64

    enum Use: Equatable {
        case shared
        case exclusive
    }

    enum Action: Equatable {
        case assign(WaiterID, slot: Int)
        /// To be answered by `connected` or `failed`.
        case connect(slot: Int)
        /// `next` is to be asked again at this moment.
        case wake(at: Instant)
        /// No connection can be had at present.
        case fail(WaiterID)
    }

    private enum Slot: Equatable {
        case disconnected
        case connecting
        case ready
        case reserved
        /// Lost while somebody had it for himself: not touched until he is done.
        case reservedLost
    }

    private struct Waiter {
        let id: WaiterID
        let use: Use
    }

    private static let shortestBackoff = Duration.milliseconds(50)
    private static let longestBackoff = Duration.seconds(2)

    private var slots: [Slot]
    /// When the latest attempt of each began.
    private var attempts: [Instant?]
    private var waiters: [Waiter] = []
    private var failed: [WaiterID] = []
    /// Somebody came, so connections that are not there are worth making.
    private var isWanted = false
    /// Zero while the server can be reached.
    private(set) var backoff = Duration.zero
    private var lastFailure: Instant?
    private var notBefore: Instant?
    private var wakeAt: Instant?
    private(set) var isClosed = false

    init(size: Int) {
        slots = Array(repeating: .disconnected, count: max(1, size))
        attempts = Array(repeating: nil, count: slots.count)
    }

    var waiterCount: Int { waiters.count }

    mutating func acquire(_ id: WaiterID, _ use: Use) {
        if isClosed {
            failed.append(id)
        } else {
            waiters.append(Waiter(id: id, use: use))
            isWanted = true
        }
    }

    /// The waiter gives up; one that was served or failed already is ignored.
    mutating func withdraw(_ id: WaiterID) {
        waiters.removeAll { $0.id == id }
    }

    mutating func connected(slot: Int) {
        slots[slot] = .ready
        backoff = .zero
        lastFailure = nil
        notBefore = nil
        isWanted = true
    }

    /// All waiters fail, unless there is another connection that can serve them.
    mutating func failed(slot: Int, now: Instant) {
        slots[slot] = .disconnected
        // Attempts that were made side by side are one failure.
        let isNews = lastFailure.map { (attempts[slot] ?? now) > $0 } ?? true
        if isNews {
            backoff = min(max(Self.shortestBackoff, backoff * 2), Self.longestBackoff)
            lastFailure = now
            notBefore = now.advanced(by: backoff)
        }
        isWanted = false
        guard slots.allSatisfy({ $0 == .disconnected || $0 == .reservedLost }) else { return }
        failed += waiters.map(\.id)
        waiters = []
    }

    mutating func lost(slot: Int) {
        switch slots[slot] {
        case .ready: slots[slot] = .disconnected
        case .reserved: slots[slot] = .reservedLost
        default: break
        }
    }

    /// The exclusive user is done.
    mutating func released(slot: Int) {
        switch slots[slot] {
        case .reserved: slots[slot] = .ready
        case .reservedLost: slots[slot] = .disconnected
        default: break
        }
    }

    /// Nobody is served any more, and whoever waits fails.
    mutating func close() {
        isClosed = true
        failed += waiters.map(\.id)
        waiters = []
    }

    /// The next thing to do; nil when there is none.
    ///
    /// - Parameter load: how many calls a connection has under way; shared users get the one with the fewest.
    mutating func next(now: Instant, load: (Int) -> Int) -> Action? {
        if !failed.isEmpty { return .fail(failed.removeFirst()) }
        if isClosed { return nil }
        for (index, waiter) in waiters.enumerated() {
            guard let slot = slot(for: waiter.use, load) else { continue }
            waiters.remove(at: index)
            if waiter.use == .exclusive { slots[slot] = .reserved }
            return .assign(waiter.id, slot: slot)
        }
        return connectNext(now)
    }

    private func slot(for use: Use, _ load: (Int) -> Int) -> Int? {
        if use == .exclusive, slots.count(where: { $0 == .reserved || $0 == .reservedLost }) >= max(1, slots.count - 1)
        {
            return nil
        }
        return slots.indices.lazy.filter { slots[$0] == .ready }.min { load($0) < load($1) }
    }

    private mutating func connectNext(_ now: Instant) -> Action? {
        guard isWanted || !waiters.isEmpty, let slot = slots.firstIndex(of: .disconnected) else { return nil }
        let isProbing = backoff > .zero && slots.contains(.connecting)
        if isProbing { return nil }
        if let notBefore, now < notBefore {
            // Whoever waits is served by this attempt or fails with it; nobody needs one that is not awaited.
            guard !waiters.isEmpty, wakeAt != notBefore else { return nil }
            wakeAt = notBefore
            return .wake(at: notBefore)
        }
        slots[slot] = .connecting
        attempts[slot] = now
        return .connect(slot: slot)
    }
}
