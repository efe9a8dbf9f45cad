import AMQP
import Messages

@testable import Delivering

extension RecoveryWorld {
    struct Step {
        let label: String
        var isFault = false
        let world: RecoveryWorld
        /// The property that the step breaks; empty: none.
        var broken = ""
    }

    var steps: [Step] {
        coordinatorSteps + workers.indices.flatMap { workerSteps($0) }
    }

    // MARK: Coordinator

    private var coordinatorSteps: [Step] {
        var steps: [Step] = []
        let ready = states.indices.filter { states[$0] == .open && outUnder[$0] == nil }
        if let first = ready.first { steps.append(send(setting.together ? ready : [first])) }
        if let answer = results.first {
            var world = self
            world.results.removeFirst()
            steps.append(world.take(answer))
        }
        if let answer = salvage.first {
            var world = self
            world.salvage.removeFirst()
            steps.append(world.take(answer))
        }
        return steps
    }

    private func send(_ cells: [Int]) -> Step {
        var world = self
        world.lastNumber += 1
        for cell in cells { world.outUnder[cell] = world.lastNumber }
        world.tasks.append(Task(number: world.lastNumber, cells: cells))
        return Step(label: "sends \(cells) as \(world.lastNumber)", world: world)
    }

    private func take(_ answer: Answer) -> Step {
        var world = self
        let (cell, number) = (answer.cell, answer.number)
        var broken = ""
        if answer.kind == .value {
            if world.states[cell] == .open { world.states[cell] = .stored }
            world.outUnder[cell] = nil
        } else if world.states[cell] == .open, world.outUnder[cell] == number {
            if world.doubled[cell], hasRival(cell) { world.allowed[cell] = min(9, world.allowed[cell] + 1) }
            if answer.kind == .fail {
                world.charged[cell] += 1
                if world.charged[cell] == Self.attempts { world.states[cell] = .dropped }
                if world.charged[cell] > world.failed[cell] { broken = "S3: charged more often than it failed" }
            }
            world.outUnder[cell] = nil
        }
        return Step(label: "takes \(answer.label)", world: world, broken: broken)
    }

    /// Another call of the cell runs, or its value is on its way or stored.
    private func isRepeated(_ cell: Int, except worker: Int? = nil, _ id: CellID? = nil) -> Bool {
        if states[cell] == .stored { return true }
        if (results + salvage).contains(where: { $0.kind == .value && $0.cell == cell }) { return true }
        return workers.indices.contains { place in
            workers[place].ledger.cells.contains { other, held in
                held.key.record == Int64(cell) && [.calling, .value].contains(held.doing)
                    && !(place == worker && other == id)
            }
        }
    }

    private func hasRival(_ cell: Int) -> Bool {
        isRepeated(cell) || tasks.contains { $0.cells.contains(cell) }
            || workers.contains { worker in
                worker.ledger.cells.values.contains { $0.key.record == Int64(cell) && $0.doing == .held }
            }
    }

    // MARK: Worker

    private func workerSteps(_ place: Int) -> [Step] {
        let worker = workers[place]
        var steps: [Step] = []
        func step(_ label: String, isFault: Bool = false, broken: String = "", _ change: (inout RecoveryWorld) -> Void)
        {
            var world = self
            change(&world)
            steps.append(Step(label: "worker \(place) \(label)", isFault: isFault, world: world, broken: broken))
        }

        if !worker.isConnected { step("consumes again") { $0.workers[place].isConnected = true } }
        if !worker.isPublishing { step("publishes again") { $0.workers[place].isPublishing = true } }
        if worker.isConnected, let task = tasks.first, worker.unacknowledged.count < Self.prefetch {
            step("gets \(task.label)") { $0.deliver(to: place) }
        }
        for (id, cell) in worker.ledger.cells.sorted(by: { $0.key < $1.key }) {
            let record = Int(cell.key.record)
            if cell.isWaiting, worker.isConnected {
                let isRepeat = isRepeated(record, except: place, id)
                let broken = isRepeat && allowed[record] == 0 ? "W: a call is repeated" : ""
                step("calls \(record)", broken: broken) {
                    $0.workers[place].ledger.start(id)
                    if isRepeat, $0.allowed[record] < 9 { $0.allowed[record] -= 1 }
                }
            }
            if cell.isCalling {
                step("has a value for \(record)") { $0.settle(place, id, .value(WireResultCell())) }
                if failuresLeft > 0 {
                    step("fails \(record)") {
                        $0.failuresLeft -= 1
                        $0.failed[record] += 1
                        $0.settle(place, id, .failed(WireFailure()))
                    }
                }
            }
            if cell.outcome == nil, faults.contains(.handBack), !cell.deliveries.isEmpty {
                step("hands \(record) back", isFault: true) {
                    $0.spend(.handBack)
                    $0.settle(place, id, .returned(WireReturned()))
                }
            }
            if worker.isPublishing, [.toPublish, .toPublishAgain].contains(worker.sending[id]) {
                step("publishes \(cell.doing) of \(record)") { $0.publish(place, id) }
            }
            if worker.isPublishing, worker.sending[id] == .sent {
                var confirmed = self
                let broken = confirmed.confirm(place, id)
                step("has the confirm of \(record)", broken: broken) { $0 = confirmed }
            }
        }
        for fault in Set(faults).subtracting([.handBack]) where !isDecided {
            if fault == .workerCrash && worker.ledger.cells.isEmpty || !worker.isConnected && fault != .publishCut
                || !worker.isPublishing && fault == .publishCut
            {
                continue
            }
            step("\(fault)", isFault: true) { $0.lose(place, by: fault) }
        }
        return steps
    }

    private mutating func deliver(to place: Int) {
        let task = tasks.removeFirst()
        workers[place].lastTag += 1
        let tag = DeliveryTag(session: 1, number: workers[place].lastTag)
        guard let spec = Self.spec else { return }
        let acceptance = workers[place].ledger.accept(
            task.wire, spec: spec, tag: tag, route: Self.route, at: Self.now)
        if !acceptance.isSettled { workers[place].unacknowledged[tag] = task }
    }

    private mutating func settle(_ place: Int, _ id: CellID, _ outcome: CellOutcome) {
        if workers[place].ledger.settle(id, outcome) { workers[place].sending[id] = .toPublish }
    }

    private mutating func publish(_ place: Int, _ id: CellID) {
        guard let cell = workers[place].ledger.cells[id] else { return }
        let kind: AnswerKind = cell.doing == .value ? .value : cell.doing == .fail ? .fail : .returned
        workers[place].sending[id] = .sent
        let answer = Answer(kind: kind, number: cell.key.number.sequence, cell: Int(cell.key.record))
        if kind == .value { results.append(answer) } else { salvage.append(answer) }
    }

    /// The broken property, if any.
    private mutating func confirm(_ place: Int, _ id: CellID) -> String {
        let done = workers[place].ledger.confirm([id], at: Self.now)
        workers[place].sending[id] = nil
        for delivery in done {
            guard let task = workers[place].unacknowledged.removeValue(forKey: delivery.tag) else {
                return "A: acknowledged what was not delivered, or twice"
            }
            // An outcome of every cell went into the queues, or was taken from them: nothing is lost with the task.
            for cell in task.cells where states[cell] == .open && outUnder[cell] == task.number {
                let isOnItsWay = (results + salvage).contains { $0.cell == cell && $0.number == task.number }
                if !isOnItsWay { return "A: a task was acknowledged without an outcome of \(cell)" }
            }
        }
        return ""
    }

    // MARK: Faults

    private mutating func lose(_ place: Int, by fault: Fault) {
        spend(fault)
        if fault != .publishCut { excuseLost(workers[place]) }
        if fault != .consumeCut {
            // What was sent may have arrived: it has, here. What is kept is published again.
            for (id, sending) in workers[place].sending where sending == .sent {
                workers[place].sending[id] = .toPublishAgain
            }
            workers[place].isPublishing = false
        }
        if fault == .publishCut { return }
        tasks = workers[place].unacknowledged.values.sorted { $0.number < $1.number } + tasks
        workers[place].unacknowledged = [:]
        if fault == .workerCrash {
            workers[place] = Worker(isConnected: false, isPublishing: false)
            return
        }
        workers[place].isConnected = false
        for id in workers[place].ledger.lose(Self.route, at: Self.now) { workers[place].sending[id] = nil }
    }

    private mutating func excuseLost(_ worker: Worker) {
        for (id, cell) in worker.ledger.cells {
            let record = Int(cell.key.record)
            let isOpen =
                [.calling, .value].contains(cell.doing) || [.sent, .toPublishAgain].contains(worker.sending[id])
            if isOpen || doubled[record] && cell.doing != .held { excuse(record, cell.deliveries.count) }
        }
        // Answered, and not acknowledged since the task has other cells.
        for delivery in worker.ledger.deliveries.values {
            for key in delivery.confirmed { excuse(Int(key.record), 1) }
        }
    }
}
