/// Which cells run in which child process: one child for all that are only under suspicion, as far as their prompts fit
/// it together, and up to 16 side by side for cells that must be alone. How many there are at most is `ChildRoom`'s
/// business.
///
/// A value type: cells, answers and ends of children are events; `round` says what is to be done. A cell counts as
/// being in a child from the moment it is sent there, which is after the child said that it is ready: so a child that
/// cannot start (no memory, no such program) is nobody's fault. One that is stuck, and does not answer in time, is
/// ended, and that counts as its death.
struct ChildPool: Sendable {
    typealias Instant = ContinuousClock.Instant

    enum Action: Hashable, Sendable {
        case start(ChildID)
        case send(CellID, to: ChildID)
        case end(ChildID)
    }

    /// What a child's end means for cells.
    struct Loss: Hashable, Sendable {
        /// They were in it.
        var dead: [CellID] = []
        /// No child can be had for them.
        var unplaced: [CellID] = []
    }

    private struct Child: Sendable {
        let isForOne: Bool
        var isReady = false
        var isEnding = false
        var cells: [CellID: Call] = [:]
        var idleSince: Instant

        var bytes: Int { cells.values.reduce(0) { $0 + $1.bytes } }
    }

    private struct Call: Sendable {
        let bytes: Int
        /// To be answered by then.
        let due: Instant
    }

    private struct Waiting: Sendable {
        let cell: CellID
        let bytes: Int
        let patience: Duration
    }

    static let mostForOne = 16
    /// Of prompts, and files beside them, in the shared child at once: it holds each several times over, and may take
    /// 1 GiB.
    static let mostSharedBytes = 64 << 20
    static let startTries = 3
    static let startPause: Duration = .seconds(1)
    static let idleTime: Duration = .seconds(30)
    /// For a child to say that it is ready, and beyond a call's own time for its answer.
    static let grace: Duration = .seconds(30)

    private var children: [ChildID: Child] = [:]
    private var shared: [Waiting] = []
    private var alone: [Waiting] = []
    private var lastSerial = 0
    private var failedStarts = 0
    private var nextStart: Instant?

    var count: Int { children.count }

    /// A call is to be made for the cell; its end is `answered` or in a `Loss`.
    ///
    /// - Parameters:
    ///   - bytes: of what is sent to the child for it.
    ///   - callTime: how long the call may take.
    mutating func put(_ cell: CellID, alone isAlone: Bool, bytes: Int, callTime: Duration) {
        let waiting = Waiting(cell: cell, bytes: bytes, patience: callTime + Self.grace)
        if isAlone { alone.append(waiting) } else { shared.append(waiting) }
    }

    mutating func ready(_ child: ChildID, at now: Instant) {
        children[child]?.isReady = true
        children[child]?.idleSince = now
        failedStarts = 0
    }

    /// The child that had the cell answered for it.
    mutating func answered(_ cell: CellID, at now: Instant) {
        guard let id = home(of: cell) else { return }
        children[id]?.cells[cell] = nil
        if children[id]?.cells.isEmpty == true { children[id]?.idleSince = now }
    }

    /// The child that has the cell; nil while it waits for one.
    func home(of cell: CellID) -> ChildID? { children.first { $0.value.cells[cell] != nil }?.key }

    /// False when the cell is in a child, which will answer for it.
    mutating func withdraw(_ cell: CellID) -> Bool {
        let before = shared.count + alone.count
        shared.removeAll { $0.cell == cell }
        alone.removeAll { $0.cell == cell }
        return shared.count + alone.count < before
    }

    /// The child's process ended, or could not be started.
    mutating func ended(_ id: ChildID, at now: Instant) -> Loss {
        guard let child = children.removeValue(forKey: id) else { return Loss() }
        if child.isReady { return Loss(dead: child.cells.keys.sorted()) }
        failedStarts += 1
        nextStart = now + Self.startPause
        guard failedStarts >= Self.startTries else { return Loss() }
        failedStarts = 0
        defer {
            shared = []
            alone = []
        }
        return Loss(unplaced: (shared + alone).map(\.cell).sorted())
    }

    mutating func round(_ now: Instant) -> [Action] {
        var actions: [Action] = []
        endWhatIsStuckOrIdle(now, &actions)
        placeShared(now, &actions)
        placeAlone(now, &actions)
        return actions
    }

    private mutating func endWhatIsStuckOrIdle(_ now: Instant, _ actions: inout [Action]) {
        for (id, child) in children.sorted(by: { $0.key < $1.key }) where !child.isEnding {
            let isStuck = child.cells.values.contains { $0.due <= now }
            let isIdle = child.cells.isEmpty && child.idleSince + (child.isReady ? Self.idleTime : Self.grace) <= now
            guard isStuck || isIdle else { continue }
            children[id]?.isEnding = true
            actions.append(.end(id))
        }
    }

    private mutating func placeShared(_ now: Instant, _ actions: inout [Action]) {
        guard !shared.isEmpty else { return }
        guard let child = children.first(where: { !$0.value.isForOne && !$0.value.isEnding }) else {
            return start(1, forOne: false, now, &actions)
        }
        guard child.value.isReady else { return }
        var bytes = child.value.bytes
        var isEmpty = child.value.cells.isEmpty
        var sent = 0
        for waiting in shared {
            // One that is larger goes when it has the child for itself.
            guard isEmpty || bytes + waiting.bytes <= Self.mostSharedBytes else { break }
            send(waiting, to: child.key, now, &actions)
            bytes += waiting.bytes
            isEmpty = false
            sent += 1
        }
        shared.removeFirst(sent)
    }

    private mutating func placeAlone(_ now: Instant, _ actions: inout [Action]) {
        guard !alone.isEmpty else { return }
        let usable = children.filter { $0.value.isForOne && !$0.value.isEnding && $0.value.cells.isEmpty }
        for id in usable.filter(\.value.isReady).keys.sorted() where !alone.isEmpty {
            send(alone.removeFirst(), to: id, now, &actions)
        }
        let coming = usable.count { !$0.value.isReady }
        let room = Self.mostForOne - children.count { $0.value.isForOne }
        start(min(alone.count - coming, room), forOne: true, now, &actions)
    }

    private mutating func start(_ count: Int, forOne: Bool, _ now: Instant, _ actions: inout [Action]) {
        guard count > 0, nextStart.map({ $0 <= now }) ?? true else { return }
        for _ in 0..<count {
            lastSerial += 1
            let id = ChildID(serial: lastSerial)
            children[id] = Child(isForOne: forOne, idleSince: now)
            actions.append(.start(id))
        }
    }

    private mutating func send(_ waiting: Waiting, to id: ChildID, _ now: Instant, _ actions: inout [Action]) {
        children[id]?.cells[waiting.cell] = Call(bytes: waiting.bytes, due: now + waiting.patience)
        actions.append(.send(waiting.cell, to: id))
    }
}
