import AMQP
import Generation
import Messages

/// Which deliveries this worker holds, for which cells, and when each may be acknowledged.
///
/// A delivery is acknowledged once the outcome of each of its cells is confirmed, never before. A cell is known by
/// its key: a delivery that brings a key that is here already is attached to it, so nothing is called twice for one
/// number. When a route's consumer is lost its deliveries are void: calls and values are kept for the deliveries to
/// come, failures, hand-backs and what has not started are forgotten, since their tasks are back in the queue by
/// themselves. What was confirmed for a void delivery is remembered until it comes again.
///
/// It decides nothing by itself and knows no clock.
struct DeliveryLedger {
    private(set) var cells: [CellID: HeldCell] = [:]
    private(set) var deliveries: [DeliveryID: HeldDelivery] = [:]
    private(set) var deadLetters: [CellID: DeadLetter] = [:]
    /// Confirmed for a delivery that is void, with the moment of that.
    private(set) var remembered: [CellKey: ContinuousClock.Instant] = [:]

    private var ids: [CellKey: CellID] = [:]
    private var lastSerial: UInt64 = 0

    /// What a delivery brought.
    struct Acceptance {
        let delivery: DeliveryID
        /// Cells to be called; the others are attached to what is here.
        var fresh: [CellID] = []
        /// Everything it asks for was confirmed before: to be acknowledged now.
        var isSettled = false
    }

    /// Takes a delivery of `task` from `route`.
    mutating func accept(
        _ task: WireTask, spec: SpecHash, tag: DeliveryTag, route: Route, subscription: Int = 0,
        deliveryCount: Int = 0, at now: ContinuousClock.Instant
    ) -> Acceptance {
        var acceptance = Acceptance(delivery: DeliveryID(serial: nextSerial()))
        var held = HeldDelivery(
            tag: tag, route: route, since: now, subscription: subscription, open: 0)
        let number = DispatchNumber(generation: task.generation, sequence: task.sequence)
        for cell in task.cells {
            let key = CellKey(job: task.job, number: number, column: task.column, record: cell.record)
            if remembered.removeValue(forKey: key) != nil {
                held.confirmed.append(key)
                continue
            }
            held.open += 1
            if let id = ids[key] {
                cells[id]?.deliveries.append(acceptance.delivery)
                continue
            }
            let id = CellID(serial: nextSerial())
            ids[key] = id
            cells[id] = HeldCell(
                key: key, route: route, partition: task.partition, spec: spec, isAlone: task.alone,
                requeues: deliveryCount + Int(cell.requeues), task: cell, deliveries: [acceptance.delivery],
                waitingSince: now, retries: Int(cell.conversation.retries))
            acceptance.fresh.append(id)
        }
        acceptance.isSettled = held.open == 0
        if !acceptance.isSettled { deliveries[acceptance.delivery] = held }
        return acceptance
    }

    /// Takes a delivery that cannot be read: to be published to `tessera.dead` under the id it gives.
    mutating func acceptUnreadable(
        _ body: [UInt8], reason: String, tag: DeliveryTag, route: Route, subscription: Int = 0,
        at now: ContinuousClock.Instant
    ) -> CellID {
        let delivery = DeliveryID(serial: nextSerial())
        deliveries[delivery] = HeldDelivery(
            tag: tag, route: route, since: now, subscription: subscription, open: 1)
        let id = CellID(serial: nextSerial())
        deadLetters[id] = DeadLetter(delivery: delivery, body: body, reason: reason)
        return id
    }

    /// A call starts for a waiting cell.
    mutating func start(_ id: CellID) {
        precondition(cells[id]?.isWaiting == true, "a call started for a cell that does not wait")
        cells[id]?.phase = .calling
        cells[id]?.calls += 1
    }

    /// Its call ended without an outcome: it waits again, from now on.
    ///
    /// - Returns: false when it was forgotten instead, no delivery being left: the task is back in the queue by itself.
    mutating func wait(_ id: CellID, since now: ContinuousClock.Instant) -> Bool {
        guard let cell = cells[id], cell.isCalling else {
            preconditionFailure("a cell that was not called waits again")
        }
        guard !cell.deliveries.isEmpty else {
            forget(id)
            return false
        }
        cells[id]?.phase = .waiting
        cells[id]?.waitingSince = now
        return true
    }

    /// Gives a cell its outcome; true when that is to be published.
    ///
    /// A hand-back, or a child's death, for which no delivery is left is forgotten: the task is back in the queue by
    /// itself.
    mutating func settle(_ id: CellID, _ outcome: CellOutcome) -> Bool {
        guard let cell = cells[id], cell.outcome == nil else { return false }
        if outcome.isUncharged, cell.deliveries.isEmpty {
            forget(id)
            return false
        }
        cells[id]?.phase = .answered(outcome)
        cells[id]?.task.inputs = []
        cells[id]?.task.clearConversation()
        cells[id]?.conversation = nil
        return true
    }

    /// The outcomes of these cells, or these dead letters, are confirmed. Unknown ids are ignored.
    ///
    /// - Returns: deliveries to be acknowledged.
    mutating func confirm(_ ids: [CellID], at now: ContinuousClock.Instant) -> [HeldDelivery] {
        var done: [HeldDelivery] = []
        for id in ids {
            if let letter = deadLetters.removeValue(forKey: id) {
                countDown(letter.delivery, nil, &done)
                continue
            }
            guard let cell = cells[id], cell.outcome != nil else { continue }
            forget(id)
            if cell.deliveries.isEmpty { remembered[cell.key] = now }
            for delivery in cell.deliveries { countDown(delivery, cell.key, &done) }
        }
        return done
    }

    /// The consumer of `route` is lost: its deliveries are void and will come again, here or elsewhere.
    ///
    /// - Returns: cells that were forgotten, all but running calls and values.
    mutating func lose(_ route: Route, at now: ContinuousClock.Instant) -> [CellID] {
        for (id, delivery) in deliveries where delivery.route == route {
            for key in delivery.confirmed { remembered[key] = now }
            deliveries[id] = nil
        }
        for (id, letter) in deadLetters where deliveries[letter.delivery] == nil { deadLetters[id] = nil }
        var forgotten: [CellID] = []
        for (id, cell) in cells where cell.route == route {
            switch cell.phase {
            case .answered(.value), .calling:
                cells[id]?.deliveries = []
            case .waiting, .answered:
                forget(id)
                forgotten.append(id)
            }
        }
        return forgotten
    }

    /// Forgets what was remembered before `moment`: its delivery did not come again in time.
    mutating func forgetRemembered(before moment: ContinuousClock.Instant) {
        remembered = remembered.filter { $0.value >= moment }
    }

    /// Keeps what was said so far in a cell's conversation.
    mutating func keep(_ conversation: Conversation, of id: CellID) {
        cells[id]?.conversation = conversation
    }

    /// Keeps what a child process said of a cell's conversation, and what its call used.
    mutating func keep(_ conversation: WireConversation, _ figures: CallFigures, of id: CellID) {
        cells[id]?.task.conversation = conversation
        cells[id]?.spentInChildren.inputTokens += figures.inputTokens
        cells[id]?.spentInChildren.outputTokens += figures.outputTokens
    }

    /// Counts a call that the endpoint failed; zero takes the count back.
    mutating func countEndpointFailures(_ id: CellID, _ count: Int) {
        cells[id]?.endpointFailures = count
    }

    /// Counts a call that is made again.
    mutating func countRetry(_ id: CellID) { cells[id]?.retries += 1 }

    private mutating func countDown(_ id: DeliveryID, _ key: CellKey?, _ done: inout [HeldDelivery]) {
        guard var delivery = deliveries[id] else { return }
        delivery.open -= 1
        if delivery.open == 0 {
            deliveries[id] = nil
            done.append(delivery)
        } else {
            if let key { delivery.confirmed.append(key) }
            deliveries[id] = delivery
        }
    }

    private mutating func forget(_ id: CellID) {
        guard let cell = cells.removeValue(forKey: id) else { return }
        ids[cell.key] = nil
    }

    private mutating func nextSerial() -> UInt64 {
        lastSerial += 1
        return lastSerial
    }
}
