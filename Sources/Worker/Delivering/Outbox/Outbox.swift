import DequeModule

/// Outcomes on their way to the broker: which travel together, when, and which must be published again.
///
/// An outcome after a quiet moment goes at once; in a stream of them a message gathers what comes within 5 ms, at most
/// 500 outcomes or 256 KiB (a larger one goes alone). What was lost is published again as soon as there is a
/// connection; what the broker refused, or could not route, after a pause that doubles from 0.1 to 5 s. Outcomes of
/// one lane keep their order as far as nothing is published twice.
struct Outbox {
    typealias Instant = ContinuousClock.Instant

    static let window: Duration = .milliseconds(5)
    static let longestBatch = 500
    static let batchBytes = 256 << 10
    static let firstPause: Duration = .milliseconds(100)
    static let longestPause: Duration = .seconds(5)

    private struct Item {
        let cell: CellID
        let bytes: Int
    }

    private struct Queue {
        var items: Deque<Item> = []
        var bytes = 0
        var pause: Duration = .zero
        var notBefore: Instant?
        var isUnroutable = false
        var inFlight = 0

        mutating func append(_ item: Item) {
            items.append(item)
            bytes += item.bytes
        }
    }

    private var queues: [OutboxLane: Queue] = [:]
    private var inFlight: [OutboxBatch.ID: OutboxBatch] = [:]
    private var lastSerial: UInt64 = 0
    private var queuedBytes = 0
    private var inFlightBytes = 0
    private var isConnected = false
    /// When the first of those that wait was put in; nil while none waits.
    private var gatheringSince: Instant?
    private var lastTaken: Instant?
    /// A lane has gathered enough for a message.
    private var isFull = false
    private var unroutableLanes = 0

    /// Outcomes waiting or in flight, in bytes.
    var unconfirmedBytes: Int { queuedBytes + inFlightBytes }
    var isEmpty: Bool { inFlight.isEmpty && queues.values.allSatisfy(\.items.isEmpty) }
    /// Some message found no queue, and has not been confirmed since: the broker lost its topology.
    var isUnroutable: Bool { unroutableLanes > 0 }

    mutating func put(_ cell: CellID, bytes: Int, in lane: OutboxLane, at now: Instant) {
        queues[lane, default: Queue()].append(Item(cell: cell, bytes: bytes))
        queuedBytes += bytes
        if gatheringSince == nil { gatheringSince = now }
        if let queue = queues[lane], queue.items.count >= Self.longestBatch || queue.bytes >= Self.batchBytes {
            isFull = true
        }
    }

    /// The connection for publishing came up, or was lost. Messages lost with it are reported one by one.
    mutating func connectionChanged(isConnected: Bool) {
        self.isConnected = isConnected
    }

    /// When `take` will give something; nil while only an event can change that.
    func nextDue(_ now: Instant) -> Instant? {
        guard isConnected, let gatheringSince else { return nil }
        let due = isDue(now) ? now : gatheringSince + Self.window
        var first: Instant?
        for queue in queues.values where !queue.items.isEmpty {
            let next = max(due, queue.notBefore ?? due)
            first = min(first ?? next, next)
        }
        return first
    }

    /// The messages to publish now.
    mutating func take(_ now: Instant) -> [OutboxBatch] {
        guard isConnected, gatheringSince != nil, isDue(now) else { return [] }
        var batches: [OutboxBatch] = []
        var isAnyLeft = false
        for lane in queues.keys.sorted() {
            if let notBefore = queues[lane]?.notBefore, now < notBefore {
                isAnyLeft = isAnyLeft || queues[lane]?.items.isEmpty == false
                continue
            }
            while let batch = takeBatch(lane) { batches.append(batch) }
        }
        isFull = false
        gatheringSince = isAnyLeft ? now : nil
        if !batches.isEmpty { lastTaken = now }
        return batches
    }

    /// The broker has them.
    mutating func confirm(_ id: OutboxBatch.ID) -> [CellID] {
        guard let batch = land(id) else { return [] }
        forgive(batch.lane)
        return batch.cells
    }

    /// They may or may not be queued: to be published again, those that are `wanted` still.
    mutating func lose(_ id: OutboxBatch.ID, at now: Instant, wanted: (CellID) -> Int?) {
        guard let batch = land(id) else { return }
        putBack(batch, now, wanted)
        forgiveIfEmpty(batch.lane)
    }

    /// They are not queued: to be published again after a pause, those that are `wanted` still.
    ///
    /// - Returns: the lane, when this is the first time that nothing takes its messages.
    @discardableResult
    mutating func refuse(
        _ id: OutboxBatch.ID, isUnroutable: Bool, at now: Instant, wanted: (CellID) -> Int?
    ) -> OutboxLane? {
        guard let batch = land(id) else { return nil }
        var queue = queues[batch.lane] ?? Queue()
        // The others of one volley come back with it: they do not make the pause longer.
        if queue.notBefore.map({ $0 <= now }) ?? true {
            queue.pause = min(max(queue.pause * 2, Self.firstPause), Self.longestPause)
            queue.notBefore = now + queue.pause
        }
        let isNews = isUnroutable && !queue.isUnroutable
        if isNews {
            queue.isUnroutable = true
            unroutableLanes += 1
        }
        queues[batch.lane] = queue
        putBack(batch, now, wanted)
        forgiveIfEmpty(batch.lane)
        return isNews ? batch.lane : nil
    }

    private func isDue(_ now: Instant) -> Bool {
        guard let gatheringSince else { return false }
        let isQuiet = inFlight.isEmpty && lastTaken.map { $0 + Self.window <= now } ?? true
        return isQuiet || isFull || gatheringSince + Self.window <= now
    }

    private mutating func takeBatch(_ lane: OutboxLane) -> OutboxBatch? {
        guard var queue = queues[lane], !queue.items.isEmpty else { return nil }
        queues[lane] = nil
        let most = lane.kind == .dead ? 1 : Self.longestBatch
        var cells: [CellID] = []
        cells.reserveCapacity(min(most, queue.items.count))
        var bytes = 0
        while cells.count < most, let item = queue.items.first, cells.isEmpty || bytes + item.bytes <= Self.batchBytes {
            queue.items.removeFirst()
            queue.bytes -= item.bytes
            cells.append(item.cell)
            bytes += item.bytes
        }
        queues[lane] = queue
        queues[lane]?.inFlight += 1
        lastSerial += 1
        let batch = OutboxBatch(id: OutboxBatch.ID(serial: lastSerial), lane: lane, cells: cells, bytes: bytes)
        queuedBytes -= bytes
        inFlightBytes += bytes
        inFlight[batch.id] = batch
        return batch
    }

    private mutating func land(_ id: OutboxBatch.ID) -> OutboxBatch? {
        guard let batch = inFlight.removeValue(forKey: id) else { return nil }
        inFlightBytes -= batch.bytes
        queues[batch.lane]?.inFlight -= 1
        return batch
    }

    /// The lane works.
    private mutating func forgive(_ lane: OutboxLane) {
        if queues[lane]?.isUnroutable == true { unroutableLanes -= 1 }
        queues[lane]?.pause = .zero
        queues[lane]?.notBefore = nil
        queues[lane]?.isUnroutable = false
    }

    /// Nothing is left that could show whether the lane works again: it counts as working.
    private mutating func forgiveIfEmpty(_ lane: OutboxLane) {
        if let queue = queues[lane], queue.items.isEmpty, queue.inFlight == 0 { forgive(lane) }
    }

    private mutating func putBack(_ batch: OutboxBatch, _ now: Instant, _ wanted: (CellID) -> Int?) {
        for cell in batch.cells {
            if let bytes = wanted(cell) { put(cell, bytes: bytes, in: batch.lane, at: now) }
        }
    }
}
