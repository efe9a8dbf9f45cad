import AMQP
import CellValues
import JSON
import Logging
import Messages
import Scheduling
import Testing

@testable import Collecting
@testable import Store

/// An owner's deciding parts, a database, a broker and workers in miniature, driven by chance: whatever dies, is lost,
/// doubled, refused, paused or cancelled, every record ends once, and each value stands at its own inputs.
///
/// The owner is `Collector` and `TaskPlacement` as `PartitionOwner` uses them; the database is what `TurnWrites` makes
/// of it; time is the simulation's own.
struct CollectorSimulation {
    /// What may happen to it.
    struct Faults {
        /// Owners die, connections and tasks are lost, messages are refused, returned and doubled.
        var accidents = false
        var failureRate = 0.0
        /// Cells whose process dies with them.
        var deathRate = 0.0
        /// Pause and resume at any time.
        var pauses = false
        var cancels = false
        /// How often dropped records are tried again, while the job runs and when it is over.
        var retries = 0
    }

    private enum Death: CaseIterable { case beforeCommit, afterCommit, afterAcknowledge }

    static let window = 24
    private static let shares = ["fast": 6, "slow": 3]

    private let faults: Faults
    private var random: SplitMix
    private(set) var database: SimulatedDatabase
    private(set) var collector: Collector
    private var placement = TaskPlacement()
    private var connection = 1
    private var needsRecovery = true
    private var now = ContinuousClock.now
    /// By route; none: the queue does not exist.
    private var queues: [String: [TaskMessage]] = [:]
    private var results: [Batch.Entry<WireResults>] = []
    private var salvage: [Batch.Entry<WireSalvage>] = []
    private var outcomes: [(messages: [TaskMessage], outcomes: [PublishOutcome])] = []
    private(set) var retries = 0
    private(set) var realFailures: [Cell: Int] = [:]

    init(seed: UInt64, cellsInTask: Int = 1, keepsFailed: Bool = false, faults: Faults) throws {
        self.faults = faults
        random = SplitMix(seed: seed)
        database = SimulatedDatabase(job: .simulated(keepsFailed: keepsFailed))
        collector = Collector(
            generation: 1, hold: .seconds(20), logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() },
            randomness: SplitMix(seed: seed))
        _ = placement.connected(connection)
        let routes = try JobBlueprint(job: database.job).plan.routes
        var board = RouteBoard()
        for route in routes {
            queues[route] = []
            let share = Self.shares.first { route.contains($0.key) }?.value ?? 0
            board.shares[route] = share
            board.caps[route] = share
            board.weights[route] = 5
            // As many cells in a task as are called in 20 ms.
            if cellsInTask > 1 { board.meanCalls[route] = .milliseconds(20) / cellsInTask }
        }
        board.providers = ["p"]
        collector.hear(board)
    }

    var isOver: Bool { database.job.state.isEnded }

    private mutating func chance(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &random) < probability
    }

    /// One step of somebody.
    mutating func step() {
        now = now.advanced(by: .milliseconds(200))
        switch Int.random(in: 0..<12, using: &random) {
        case 0..<4: workerStep()
        case 4..<8: ownerTurn()
        case 8: hearOutcomes()
        case 9: lookAtQueues()
        case 10: accident()
        default: wish()
        }
    }

    // MARK: Worker

    private mutating func workerStep() {
        guard let route = queues.keys.sorted().randomElement(using: &random), queues[route]?.isEmpty == false,
            let message = queues[route]?.removeFirst(), let task = try? WireTask(decoding: message.message.body)
        else { return }
        var values = WireDispatchResults()
        var failed = WireDispatchSalvage()
        (values.job, values.generation, values.sequence, values.column) =
            (task.job, task.generation, task.sequence, task.column)
        (failed.job, failed.generation, failed.sequence, failed.column) =
            (task.job, task.generation, task.sequence, task.column)
        for cell in task.cells {
            if let outcome = unluckyOutcome(cell, of: task) {
                var salvaged = WireSalvagedCell()
                salvaged.record = cell.record
                salvaged.outcome = outcome
                failed.cells.append(salvaged)
            } else {
                var result = WireResultCell()
                result.record = cell.record
                result.value.text = Self.value(of: Int(task.column), inputs: cell.inputs.map(\.jsonValue))
                result.calls = 1
                values.cells.append(result)
            }
        }
        // A worker that was cut off publishes its values again, or another worker calls again.
        let copies = faults.accidents && chance(0.1) ? 2 : 1
        for _ in 0..<copies {
            if !values.cells.isEmpty { answer(values) }
            if !failed.cells.isEmpty { answer(failed) }
        }
    }

    private mutating func unluckyOutcome(_ cell: WireTaskCell, of task: WireTask) -> WireSalvagedCell.OneOf_Outcome? {
        if chance(faults.failureRate) {
            let key = Cell(job: database.job.number, record: cell.record, column: Int(task.column))
            realFailures[key, default: 0] += 1
            var failure = WireFailure(kind: "server", message: "500")
            failure.retryable = !chance(0.1)
            return .failed(failure)
        }
        if chance(faults.deathRate) { return .childDeath(WireChildDeath()) }
        return faults.accidents && chance(0.05) ? .returned(WireReturned()) : nil
    }

    private mutating func answer(_ dispatch: WireDispatchResults) {
        var message = WireResults()
        message.dispatches = [dispatch]
        results.append(.init(delivery: Self.delivery, message: .success(message)))
    }

    private mutating func answer(_ dispatch: WireDispatchSalvage) {
        var message = WireSalvage()
        message.dispatches = [dispatch]
        salvage.append(.init(delivery: Self.delivery, message: .success(message)))
    }

    private static let delivery = Delivery(
        tag: DeliveryTag(session: 1, number: 1), body: [], exchange: "", routingKey: "", isRedelivered: false)

    /// What a model answers: a pure function of what it is asked.
    static func value(of column: Int, inputs: [JSONValue]) -> String {
        "\(column)(\(inputs.map { $0.serialized() }.joined(separator: ";")))"
    }

    // MARK: Owner

    private mutating func ownerTurn() {
        if needsRecovery { recover() }
        if isOver, !database.commands.isEmpty { collector.adopt(database.storedJob, now: now) }
        collector.jobs[database.job.number]?.commands = database.commands
        var batch = Batch()
        batch.results = Array(results.prefix(Int.random(in: 0...3, using: &random)))
        batch.salvage = Array(salvage.prefix(Int.random(in: 0...3, using: &random)))
        let recorded = placement.takeConfirmed()
        let decision = collector.decide(
            batch, recorded: recorded, room: placement.room(of: Self.window), isLeaving: false, now: now)
        let death = faults.accidents && chance(0.03) ? Death.allCases.randomElement(using: &random) : nil
        if death == .beforeCommit { return die() }
        if !decision.writes.isEmpty { database.apply(decision.writes, now: now) }
        // The outcome of a commit may be unknown: nothing is acknowledged then, and all is read anew.
        if death == .afterCommit {
            needsRecovery = true
            if chance(0.5) { die() }
            return
        }
        placement.recorded(recorded)
        for job in collector.committed(decision) { placement.forget(job) }
        results.removeFirst(batch.results.count)
        salvage.removeFirst(batch.salvage.count)
        if death == .afterAcknowledge { return die() }
        publish(placement.takeAgain())
        publish(decision.sends)
        for case .retry in decision.writes.changes { needsRecovery = true }
        if !needsRecovery {
            for group in decision.wantedGroups {
                let sends = collector.restore(database.storedGroup(group.group, now: now), now: now)
                #expect(sends.isEmpty, "something of a row group is out that nobody had in hand")
            }
        }
    }

    private mutating func publish(_ sends: [Sent]) {
        var messages: [TaskMessage] = []
        for sent in sends {
            guard let tasks = collector.tasks(for: sent, partition: 0, now: now) else {
                Issue.record("a cell was sent without its inputs")
                continue
            }
            placement.publishing(sent, messages: tasks.count, connection: connection)
            messages += tasks
        }
        place(messages)
    }

    /// The broker takes, refuses or returns each; its answers come later, or never.
    private mutating func place(_ messages: [TaskMessage]) {
        guard !messages.isEmpty else { return }
        let answers: [PublishOutcome] = messages.map { message in
            guard queues[message.route] != nil else { return .returned(code: 312, text: "NO_ROUTE") }
            if faults.accidents, chance(0.02) { return .refused }
            queues[message.route]?.append(message)
            return .confirmed
        }
        outcomes.append((messages, answers))
    }

    private mutating func hearOutcomes() {
        guard !outcomes.isEmpty else { return }
        let (messages, answers) = outcomes.removeFirst()
        if !placement.published(messages, answers, connection: connection) { needsRecovery = true }
    }

    private mutating func lookAtQueues() {
        if let retry = placement.takeRetry(at: now) {
            for route in retry.lostRoutes {
                queues[route] = queues[route] ?? []
                collector.queueWasLost(route, now: now)
            }
            place(retry.messages)
        }
        collector.pruneOverdue()
        for route in queues.keys.sorted() {
            collector.looked(at: route, ready: queues[route]?.count ?? 0, now: now)
        }
        if results.isEmpty, salvage.isEmpty, collector.overdue.hasCandidates(now: now) {
            collector.sendOverdueAgain(drained: now)
        }
    }

    private mutating func die() {
        collector = collector.successor(generation: 0)
        placement = TaskPlacement()
        loseConnection()
    }

    private mutating func loseConnection() {
        placement.disconnected()
        outcomes = []
        connection += 1
        _ = placement.connected(connection)
        needsRecovery = true
    }

    private mutating func recover() {
        needsRecovery = false
        database.generation += 1
        collector = collector.successor(generation: database.generation)
        guard !isOver else { return }
        collector.adopt(database.storedJob, now: now)
        var unconfirmed: [Sent] = []
        for group in database.activeGroups {
            unconfirmed += collector.restore(database.storedGroup(group, now: now), now: now)
        }
        _ = placement.reconcile(unconfirmed: unconfirmed, connection: connection)
    }

    // MARK: Accidents and wishes

    private mutating func accident() {
        guard faults.accidents else { return }
        switch Int.random(in: 0..<20, using: &random) {
        case 0: die()
        case 1: loseConnection()
        case 2: needsRecovery = true
        case 3:
            // One task vanishes, and nobody says so.
            guard let route = queues.keys.sorted().randomElement(using: &random), queues[route]?.isEmpty == false
            else { return }
            queues[route]?.removeFirst()
        case 4:
            guard let route = queues.keys.sorted().randomElement(using: &random) else { return }
            queues[route] = nil
        case 5:
            // A worker finds its consumer ended: it makes the queue again and says so.
            let all = Set(collector.routes.keys)
            for route in all.subtracting(queues.keys).sorted() {
                queues[route] = []
                collector.queueWasLost(route, now: now)
            }
        default: break
        }
    }

    /// Has the records that an ended job dropped tried again; false when there are none, or it was done often enough.
    mutating func retryAfterEnd() -> Bool {
        guard database.job.state == .completed, !database.dropped.isEmpty, retries < faults.retries else {
            return false
        }
        retries += 1
        database.wish("retry")
        while isOver { ownerTurn() }
        return true
    }

    private mutating func wish() {
        guard database.commands.isEmpty, !isOver else { return }
        let isPaused = database.job.state == .paused
        if retries < faults.retries, !database.dropped.isEmpty, chance(isPaused ? 0.5 : 0.05) {
            retries += 1
            database.wish("retry")
            // Somebody else wishes something of it before its owner looks.
            if faults.cancels, chance(0.5) { database.wish("cancel") }
        } else if isPaused {
            if chance(0.1) { database.wish("resume") }
        } else if faults.pauses, chance(0.1) {
            database.wish("pause")
        } else if faults.cancels, chance(0.005) {
            database.wish("cancel")
        }
    }
}
