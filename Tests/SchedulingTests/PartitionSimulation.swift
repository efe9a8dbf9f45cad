import Scheduling
import Testing

/// An owner, a database, a broker and workers in miniature, driven by chance: the dispatch log when anything may die.
///
/// The database holds what committed; the owner is `PartitionScheduler`, thrown away and rebuilt whenever it "dies";
/// messages may be doubled, delayed and lost; a commit may be applied without its owner learning it.
struct PartitionSimulation {
    struct Key: Hashable {
        let record: Int64
        let column: Int
    }

    struct Message: Hashable {
        enum Kind: Hashable { case task, value, failure, returned, death }
        let kind: Kind
        let key: Key
        let number: DispatchNumber
    }

    struct Database {
        var generation: Int64 = 1
        var values: Set<Key> = []
        var charges: [Key: Int] = [:]
        var dropped: Set<Int64> = []
        var finished: Set<Int> = []
        var admitted: Set<Int> = []
        var log: [Int: [LogEntry]] = [:]
        var deaths: [Key: Int] = [:]
        var poisoned: Set<Int64> = []
    }

    let plan: JobPlan
    private var random: SplitMix
    private var database = Database()
    private var owner: PartitionScheduler
    private var publications: [Sent] = []
    private var toPublish: [Sent] = []
    private var tasks: [Message] = []
    private var answers: [Message] = []
    private var lost: [Sent] = []
    private(set) var realFailures: [Key: Int] = [:]
    private var realDeaths: [Key: Int] = [:]
    private var now = ContinuousClock.now
    private let faults: Bool
    private let failureRate: Double

    init(plan: JobPlan, seed: UInt64, faults: Bool, failureRate: Double) {
        self.plan = plan
        self.faults = faults
        self.failureRate = failureRate
        random = SplitMix(seed: seed)
        owner = PartitionScheduler(generation: 1)
        owner.add(plan)
    }

    private mutating func chance(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &random) < probability
    }

    var isOver: Bool { database.finished.count == plan.groupCount }
    var droppedRecords: Set<Int64> { database.dropped }
    var storedValues: Int { database.values.count }

    /// One step of somebody.
    mutating func step() {
        now = now.advanced(by: .milliseconds(200))
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<3: workerStep()
        case 3..<7: ownerTurn()
        case 7: confirm()
        case 8 where faults: fault()
        default: workerStep()
        }
    }

    private mutating func workerStep() {
        guard !tasks.isEmpty else { return }
        let place = Int.random(in: 0..<min(3, tasks.count), using: &random)
        let task = tasks.remove(at: place)
        if chance(failureRate) {
            realFailures[task.key, default: 0] += 1
            answers.append(Message(kind: .failure, key: task.key, number: task.number))
        } else if chance(0.05) {
            answers.append(Message(kind: .returned, key: task.key, number: task.number))
        } else if chance(failureRate / 4) {
            realDeaths[task.key, default: 0] += 1
            answers.append(Message(kind: .death, key: task.key, number: task.number))
        } else {
            answers.append(Message(kind: .value, key: task.key, number: task.number))
            // A worker that was cut off publishes its value again, or another worker calls again.
            if faults, chance(0.1) { answers.append(answers[answers.count - 1]) }
        }
    }

    private mutating func ownerTurn() {
        var next = database
        owner.wakeDelayed(at: now)
        if next.admitted.count < plan.groupCount, owner.activeGroups(of: plan.job).count < 2 {
            let group = next.admitted.count
            next.admitted.insert(group)
            owner.admit(plan.job, group: group)
        }
        let batch = Array(answers.prefix(Int.random(in: 0...4, using: &random)))
        for message in batch { apply(message, to: &next) }
        // The overdue rule, once its waiting is over, finds what the broker lost.
        for sent in lost where chance(0.2) { _ = owner.overdue(sent) }
        computeAll()
        let sends =
            owner.dispatch(plan.job, route: "fast", credit: 6, limit: 4)
            + owner.dispatch(plan.job, route: "slow", credit: 3, limit: 4)
        for (_, group) in owner.finishedGroups() { next.finished.insert(group) }
        owner.forgetFinished()
        for entry in owner.takeLog() { next.log[Self.group(of: entry), default: []].append(entry) }
        for group in next.finished { next.log[group] = nil }
        if faults, chance(0.02) {
            // The commit's outcome is unknown: it happened, or not. Nothing was acknowledged or published.
            if chance(0.5) { database = next }
            recover()
            return
        }
        database = next
        answers.removeFirst(batch.count)
        toPublish += sends
        publishSome()
    }

    private mutating func publishSome() {
        let count = faults ? Int.random(in: 0...toPublish.count, using: &random) : toPublish.count
        for sent in toPublish.prefix(count) {
            publications.append(sent)
            for record in sent.records {
                tasks.append(
                    Message(kind: .task, key: Key(record: record, column: sent.column), number: sent.number))
            }
        }
        toPublish.removeFirst(count)
    }

    private mutating func confirm() {
        guard let sent = publications.first else { return }
        publications.removeFirst()
        owner.confirmed(sent)
    }

    private mutating func fault() {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: recover()
        case 1 where !tasks.isEmpty:
            let task = tasks.removeFirst()
            lost.append(
                Sent(
                    number: task.number, job: plan.job, group: plan.group(of: task.key.record),
                    column: task.key.column, route: "", records: [task.key.record], attempts: [1]))
        case 2 where !answers.isEmpty: answers.append(answers[0])
        default: break
        }
    }

    /// The owner dies, or takes over from itself: all it knew is gone.
    private mutating func recover() {
        database.generation += 1
        owner = PartitionScheduler(generation: database.generation)
        owner.add(plan)
        publications = []
        toPublish = []
        for group in database.admitted.subtracting(database.finished).sorted() {
            let records = plan.records(of: group)
            var recovered = RecoveredGroup(job: plan.job, group: group)
            recovered.values = database.values.filter { records.contains($0.record) }.map { ($0.record, $0.column) }
            recovered.dropped = database.dropped.filter { records.contains($0) }.sorted()
            recovered.failures = database.charges.filter { records.contains($0.key.record) }
                .map { ($0.key.record, $0.key.column, $0.value, 0, .milliseconds(100)) }
            recovered.log = database.log[group] ?? []
            let (unconfirmed, _) = owner.restore(recovered, now: now)
            toPublish += unconfirmed
        }
        computeAll()
    }

    private mutating func apply(_ message: Message, to next: inout Database) {
        let cell = Cell(job: plan.job, record: message.key.record, column: message.key.column)
        switch message.kind {
        case .task: break
        case .value:
            if owner.value(for: cell) == .store {
                #expect(next.values.insert(message.key).inserted, "a second value was stored")
                #expect(!next.dropped.contains(message.key.record), "a value was stored for a dropped record")
            }
        case .failure:
            switch owner.failure(of: cell, under: message.number, retryAt: now.advanced(by: .milliseconds(100))) {
            case .charged(let attempt):
                #expect(attempt == (next.charges[message.key] ?? 0) + 1)
                next.charges[message.key] = attempt
            case .dropped(let attempt):
                next.charges[message.key] = attempt
                #expect(next.dropped.insert(message.key.record).inserted, "a record was dropped twice")
            case .kept(let attempt):
                next.charges[message.key] = attempt
                #expect(next.values.insert(message.key).inserted, "a null was stored beside a value")
            case .waste: break
            }
        case .returned: _ = owner.returned(cell, under: message.number, conversation: [1])
        case .death:
            let wasAlone = owner.mustBeAlone(cell)
            switch owner.childDied(with: cell, under: message.number) {
            case .again:
                next.deaths[message.key, default: 0] += 1
                #expect(wasAlone == ((next.deaths[message.key] ?? 0) > 1), "its deaths were forgotten")
            case .poisoned(let deaths):
                #expect(deaths == PartitionScheduler.mostDeaths && (next.deaths[message.key] ?? 0) == deaths - 1)
                next.poisoned.insert(message.key.record)
                owner.drop(record: message.key.record, of: plan.job)
                #expect(next.dropped.insert(message.key.record).inserted, "a record was dropped twice")
            case .waste: break
            }
        }
    }

    private mutating func computeAll() {
        while true {
            let cells = owner.takeComputable()
            if cells.isEmpty { return }
            for cell in cells {
                if case .model = plan.roles[cell.column], !isLeftOut(cell.record, cell.column) {
                    owner.wanted(cell)
                } else {
                    owner.computed(cell)
                }
            }
        }
    }

    /// Whether a skip rule leaves the cell out: any pure function of the record will do.
    private func isLeftOut(_ record: Int64, _ column: Int) -> Bool { plan.isJudged[column] && record % 3 == 1 }

    private static func group(of entry: LogEntry) -> Int {
        switch entry {
        case .sent(let sent): sent.group
        case .confirmed(_, _, let group), .ended(_, _, let group, _, _, _), .conversation(_, _, let group, _, _, _):
            group
        }
    }

    /// What must hold at every moment.
    func checkInvariants() {
        for (key, count) in database.charges {
            #expect(count <= realFailures[key] ?? 0, "a cell was charged more often than it failed")
        }
        for (key, count) in database.deaths {
            #expect(count <= realDeaths[key] ?? 0, "a death was counted that there was not")
        }
        for record in database.dropped.subtracting(database.poisoned) {
            let charges = (0..<plan.roles.count).map { database.charges[Key(record: record, column: $0)] ?? 0 }
            #expect(charges.max() == plan.maximumAttempts, "a record was dropped before its rounds were used up")
        }
        for route in plan.routes {
            #expect(owner.cellsOut(of: plan.job, route: route) >= 0)
            #expect(
                owner.cellsOut(of: plan.job, route: route) <= (route == "fast" ? 6 : 3),
                "more is out than the credit allows")
        }
    }

    /// Every record has all of its model cells, or was dropped.
    func checkEnd() {
        let models = plan.roles.indices.filter { if case .model = plan.roles[$0] { true } else { false } }
        for record in 0..<plan.records where !database.dropped.contains(record) {
            for column in models {
                let isThere = database.values.contains(Key(record: record, column: column))
                #expect(isThere != isLeftOut(record, column), "record \(record) lacks a value, or has one too many")
            }
        }
    }
}
