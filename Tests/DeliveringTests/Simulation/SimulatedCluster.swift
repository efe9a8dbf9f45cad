import AMQP
import FoundationEssentials
import Inference
import Messages
import Throttle

@testable import Delivering

/// Workers that are real state machines, with a coordinator, a broker and an endpoint that are as simple as can be and
/// do their worst: everything by one seeded generator, on a clock that only moves when it is told.
struct SimulatedCluster {
    enum CellState: Hashable {
        case ready
        case out(Int64)
        case stored, dropped
    }

    /// A worker process, and what the broker knows of it.
    struct Process {
        var machine: WorkerStateMachine
        var isConsuming = true
        var isPublishing = true
        var prefetch = 0
        var session: UInt64 = 1
        var lastTag: UInt64 = 0
        var unacknowledged: [(tag: DeliveryTag, body: [UInt8])] = []
        /// Tags of channels that are gone.
        var void: Set<DeliveryTag> = []
        var calls: [CellID] = []
        var published: [PublishOrder] = []
        var isFinished = false
    }

    static let route = Route(provider: "p", model: "m")
    static let cap = 6
    static let salvageRounds = 2

    var random: Jitter
    var now = ContinuousClock.now
    var cells: [CellState]
    var failures: [Int]
    var lastNumber: Int64 = 0
    var queue: [[UInt8]] = []
    var workers: [Process] = []
    private var named = 0
    /// (number, record) pairs whose outcome the broker has confirmed.
    var answered: Set<[Int64]> = []
    /// What must never happen.
    var broken: [String] = []
    var calls = 0

    init(seed: UInt64, cells count: Int, workers: Int) {
        random = Jitter(seed: seed)
        cells = Array(repeating: .ready, count: count)
        failures = Array(repeating: 0, count: count)
        for _ in 0..<workers { start() }
    }

    var isDecided: Bool { !cells.contains { $0 != .stored && $0 != .dropped } }

    mutating func chance(_ share: Double) -> Bool { random.next() < share }
    mutating func pick(_ count: Int) -> Int { Int(random.next() * Double(count)) }

    // MARK: Coordinator

    mutating func dispatch() {
        let ready = cells.indices.filter { cells[$0] == .ready }
        guard !ready.isEmpty, queue.count < 20 else { return }
        lastNumber += 1
        let chosen = ready.prefix(1 + pick(3))
        for cell in chosen { cells[cell] = .out(lastNumber) }
        let number = lastNumber
        let task = filled(WireTask()) {
            $0.job = "j"
            $0.generation = 1
            $0.sequence = number
            $0.partition = UInt32(number % 2)
            $0.spec = Data(WorkerBench.hash)
            $0.cells = chosen.map { record in filled(WireTaskCell()) { $0.record = Int64(record) } }
        }
        queue.append(task.encoded())
    }

    /// The broker has an answer, which is as good as the coordinator having it.
    mutating func take(_ order: PublishOrder) {
        switch order.lane.kind {
        case .results:
            for dispatch in (try? WireResults(decoding: order.body))?.dispatches ?? [] {
                for cell in dispatch.cells {
                    answered.insert([dispatch.sequence, cell.record])
                    if cells[Int(cell.record)] != .dropped { cells[Int(cell.record)] = .stored }
                }
            }
        case .salvage:
            for dispatch in (try? WireSalvage(decoding: order.body))?.dispatches ?? [] {
                for cell in dispatch.cells {
                    answered.insert([dispatch.sequence, cell.record])
                    guard cells[Int(cell.record)] == .out(dispatch.sequence) else { continue }
                    cells[Int(cell.record)] = .ready
                    guard case .failed(let failure) = cell.outcome else { continue }
                    failures[Int(cell.record)] += 1
                    let isOver = failures[Int(cell.record)] > Self.salvageRounds
                    if isOver || !failure.retryable { cells[Int(cell.record)] = .dropped }
                }
            }
        case .dead: broken.append("a readable task became a dead letter")
        }
    }

    // MARK: Workers

    mutating func start() {
        named += 1
        let name = "w\(named)"
        var machine = WorkerStateMachine(
            worker: name, providers: ["p"], rules: WorkerRules(), seed: UInt64(named), now: now,
            makeLimit: { [now] _, plan in
                ClusterMember(worker: name, settings: plan.settings, now)
            })
        machine.outbox.connectionChanged(isConnected: true)
        machine.learn(Self.route, endpoint: "e", limitKey: "k", operatorCap: nil, workflowCap: Self.cap, at: now)
        workers.append(Process(machine: machine))
    }

    mutating func run(_ place: Int) {
        for action in workers[place].machine.round(now) { perform(action, place) }
    }

    private mutating func perform(_ action: WorkerAction, _ place: Int) {
        switch action {
        case .open, .close, .note, .callBatch, .cancelCall, .readQueue: break
        case .consume(_, let prefetch): workers[place].prefetch = prefetch
        case .call(let call):
            calls += 1
            workers[place].calls.append(call.cell)
        case .publish(let orders): workers[place].published += orders
        case .acknowledge(_, let tags): for tag in tags { acknowledge(tag, place) }
        case .declareInbox: break
        case .ask(let request):
            if case .spec = request.kind, chance(0.8), let hash = SpecHash(WorkerBench.hash) {
                workers[place].machine.specCame(WorkerBench.spec, for: hash)
            }
        case .signal(let signal):
            for other in workers.indices where workers[other].isConsuming && !workers[other].isFinished {
                workers[other].machine.heard(signal, at: now)
            }
        case .tell(let worker, let signal):
            for other in workers.indices where workers[other].machine.worker == worker {
                guard workers[other].isConsuming, !workers[other].isFinished else { continue }
                workers[other].machine.heard(signal, at: now)
            }
        case .finish: workers[place].isFinished = true
        }
    }

    private mutating func acknowledge(_ tag: DeliveryTag, _ place: Int) {
        guard let index = workers[place].unacknowledged.firstIndex(where: { $0.tag == tag }) else {
            // One that was on its way when the channel was lost does nothing.
            if !workers[place].void.contains(tag) { broken.append("acknowledged what is not held, or twice") }
            return
        }
        let body = workers[place].unacknowledged.remove(at: index).body
        guard let task = try? WireTask(decoding: body) else { return }
        for cell in task.cells where !answered.contains([task.sequence, cell.record]) {
            broken.append("a task was acknowledged before the outcome of each cell was confirmed")
        }
    }
}
