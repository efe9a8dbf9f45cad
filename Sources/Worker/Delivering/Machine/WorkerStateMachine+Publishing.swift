import AMQP
import Messages

extension WorkerStateMachine {
    mutating func publishOutcomes(_ now: Instant) {
        var orders: [PublishOrder] = []
        for batch in outbox.take(now) {
            if let order = order(of: batch) {
                orders.append(order)
            } else {
                // Everything in it was forgotten meanwhile.
                _ = outbox.confirm(batch.id)
            }
        }
        if !orders.isEmpty { actions.append(.publish(orders)) }
    }

    /// What became of a message. Late news of one that was given up is ignored.
    mutating func published(_ id: OutboxBatch.ID, _ outcome: PublishOutcome, at now: Instant) {
        switch outcome {
        case .confirmed:
            let wasUnroutable = outbox.isUnroutable
            acknowledge(outbox.confirm(id), now)
            if wasUnroutable, !outbox.isUnroutable { change() }
        case .lost: outbox.lose(id, at: now, wanted: bytesWanted)
        case .refused: outbox.refuse(id, isUnroutable: false, at: now, wanted: bytesWanted)
        case .returned(_, let text):
            guard let lane = outbox.refuse(id, isUnroutable: true, at: now, wanted: bytesWanted) else { return }
            actions.append(.note(.unroutable(lane, text: text)))
            change()
        }
    }

    /// What a cell, or dead letter, has to be published; nil when it was forgotten.
    private var bytesWanted: (CellID) -> Int? {
        { [ledger] id in ledger.cells[id]?.outcome?.bytes ?? ledger.deadLetters[id]?.body.count }
    }

    /// The connection for publishing came up, or was lost. What was under way on it is reported one by one.
    mutating func publisherChanged(isConnected: Bool) {
        outbox.connectionChanged(isConnected: isConnected)
        inboxWatch.speakingChanged(isConnected: isConnected)
    }

    /// The broker takes no messages for now, or does again.
    mutating func publisherBlocked(_ isBlocked: Bool, at now: Instant) {
        gate.block(isBlocked, at: now)
        inboxWatch.block(isBlocked)
    }

    private mutating func acknowledge(_ cells: [CellID], _ now: Instant) {
        var tags: [Route: [DeliveryTag]] = [:]
        for delivery in ledger.confirm(cells, at: now) {
            tags[delivery.route, default: []].append(delivery.tag)
            routes[delivery.route]?.release(delivery.subscription)
        }
        for (route, tags) in tags { actions.append(.acknowledge(route, tags)) }
    }

    private func order(of batch: OutboxBatch) -> PublishOrder? {
        switch batch.lane.kind {
        case .results: resultsOrder(batch)
        case .salvage: salvageOrder(batch)
        case .dead:
            batch.cells.first.flatMap { ledger.deadLetters[$0] }.map {
                PublishOrder(id: batch.id, lane: batch.lane, body: $0.body, reason: $0.reason)
            }
        }
    }

    private func resultsOrder(_ batch: OutboxBatch) -> PublishOrder? {
        var message = WireResults()
        message.worker = worker
        var places: [DispatchName: Int] = [:]
        for id in batch.cells {
            guard let cell = ledger.cells[id], case .answered(.value(let value)) = cell.phase else { continue }
            let place = places.place(of: DispatchName(cell.key)) {
                message.dispatches.append(
                    filled(WireDispatchResults()) {
                        $0.job = cell.key.job
                        $0.generation = cell.key.number.generation
                        $0.sequence = cell.key.number.sequence
                        $0.column = cell.key.column
                    })
                return message.dispatches.count - 1
            }
            message.dispatches[place].cells.append(value)
        }
        return message.dispatches.isEmpty
            ? nil : PublishOrder(id: batch.id, lane: batch.lane, body: message.encoded())
    }

    private func salvageOrder(_ batch: OutboxBatch) -> PublishOrder? {
        var message = WireSalvage()
        message.worker = worker
        var places: [DispatchName: Int] = [:]
        for id in batch.cells {
            guard let cell = ledger.cells[id], let outcome = cell.outcome else { continue }
            var salvaged = WireSalvagedCell()
            salvaged.record = cell.task.record
            salvaged.attempt = cell.task.attempt
            switch outcome {
            case .value: continue
            case .failed(let failure): salvaged.failed = failure
            case .returned(let returned): salvaged.returned = returned
            case .childDeath(let death): salvaged.childDeath = death
            }
            let place = places.place(of: DispatchName(cell.key)) {
                message.dispatches.append(
                    filled(WireDispatchSalvage()) {
                        $0.job = cell.key.job
                        $0.generation = cell.key.number.generation
                        $0.sequence = cell.key.number.sequence
                        $0.column = cell.key.column
                    })
                return message.dispatches.count - 1
            }
            message.dispatches[place].cells.append(salvaged)
        }
        return message.dispatches.isEmpty
            ? nil : PublishOrder(id: batch.id, lane: batch.lane, body: message.encoded())
    }
}

/// What the cells of one entry of a message have in common.
private struct DispatchName: Hashable {
    let job: String
    let number: DispatchNumber
    let column: UInt32

    init(_ key: CellKey) {
        job = key.job
        number = key.number
        column = key.column
    }
}

extension [DispatchName: Int] {
    fileprivate mutating func place(of name: DispatchName, orMake make: () -> Int) -> Int {
        if let place = self[name] { return place }
        let place = make()
        self[name] = place
        return place
    }
}
