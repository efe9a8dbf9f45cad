import AMQP
import FoundationEssentials
import Inference
import Messages
import Testing
import Throttle

@testable import Delivering

/// A worker's state machine on a bench: time stands still until it is moved, and every action is kept.
final class WorkerBench {
    static let route = Route(provider: "p", model: "m")
    static let hash = [UInt8](repeating: 7, count: 32)

    var machine: WorkerStateMachine
    var now = ContinuousClock.now
    /// Since `take` was called last.
    var actions: [WorkerAction] = []
    private var lastTag: UInt64 = 0

    init(
        rules: WorkerRules = WorkerRules(), cap: Int = 4, knowsSpec: Bool = true,
        limit: (@Sendable (String, Int) -> any LimitController)? = nil
    ) {
        machine = WorkerStateMachine(
            worker: "w", providers: ["p"], rules: rules, seed: 1, now: now,
            makeLimit: { key, plan in
                if plan.isDocumented { return DocumentedLimit(DocumentedSettings(plan.settings), .now) }
                return limit?(key, plan.settings.cap) ?? DividedCap(worker: "w", cap: plan.settings.cap, isAlone: true)
            })
        machine.publisherChanged(isConnected: true)
        machine.consumerConnectionChanged(isConnected: true)
        machine.learn(
            Self.route, endpoint: "e", limitKey: "k", operatorCap: nil, workflowCap: cap, at: now)
        if knowsSpec, let hash = SpecHash(Self.hash) { machine.specCame(Self.spec, for: hash) }
        run()
    }

    static var spec: WireColumnSpec {
        filled(WireColumnSpec()) {
            $0.version = 1
            $0.name = "c"
            $0.inputs = []
            $0.text = filled(WireTextSpec()) { $0.prompt = "Say something." }
            $0.model = filled(WireModelSpec()) { $0.timeoutSeconds = 60 }
        }
    }

    // MARK: Time

    func run() { actions += machine.round(now) }

    /// Moves time on, in steps no longer than the machine asks for.
    func wait(_ duration: Duration) {
        let end = now + duration
        while now < end {
            now = min(end, max(machine.nextDue(now), now + .milliseconds(1)))
            run()
        }
    }

    // MARK: Events

    /// Delivers a task; the records are its cells.
    @discardableResult
    func deliver(
        _ records: Int64..., job: String = "j", sequence: Int64 = 1, partition: UInt32 = 0, count: Int? = nil,
        alone: Bool = false, attempt: UInt32 = 1, requeues: UInt32 = 0, conversation: WireConversation? = nil,
        from route: Route = route
    ) -> DeliveryTag {
        let task = filled(WireTask()) {
            $0.alone = alone
            $0.partition = partition
            $0.job = job
            $0.generation = 1
            $0.sequence = sequence
            $0.spec = Data(Self.hash)
            $0.cells = records.map { record in
                filled(WireTaskCell()) {
                    $0.record = record
                    $0.attempt = attempt
                    $0.requeues = requeues
                    if let conversation { $0.conversation = conversation }
                }
            }
        }
        return deliver(body: task.encoded(), count: count, from: route)
    }

    @discardableResult
    func deliver(body: [UInt8], count: Int? = nil, from route: Route = route) -> DeliveryTag {
        lastTag += 1
        let tag = DeliveryTag(session: 1, number: lastTag)
        var properties = MessageProperties()
        if let count { properties.headers["x-delivery-count"] = .integer(Int64(count)) }
        let delivery = Delivery(
            tag: tag, body: body, exchange: "tessera.tasks", routingKey: "p/m", isRedelivered: count != nil,
            properties: properties)
        machine.delivered([delivery], from: route, at: now)
        run()
        return tag
    }

    func end(_ cell: CellID, _ result: CallResult) {
        machine.callEnded(cell, result, at: now)
        run()
    }

    /// Every call that was started ends in this way.
    func endCalls(_ result: CallResult) {
        for call in takeCalls() { end(call.cell, result) }
    }

    func publishEnds(_ outcome: PublishOutcome) {
        for order in takeOrders() { machine.published(order.id, outcome, at: now) }
        run()
    }

    /// The results and salvage published so far are confirmed, and what comes of that too.
    func settle() {
        wait(.milliseconds(20))
        publishEnds(.confirmed)
    }

    // MARK: Actions

    /// Takes what `choose` finds among the actions.
    private func take<Found>(_ choose: (WorkerAction) -> Found?) -> [Found] {
        let found = actions.compactMap(choose)
        actions.removeAll { choose($0) != nil }
        return found
    }

    func takeCalls() -> [CellCall] { take { if case .call(let call) = $0 { call } else { nil } } }

    func takeBatches() -> [BatchCall] { take { if case .callBatch(let call) = $0 { call } else { nil } } }

    func takeCancelled() -> [CellID] { take { if case .cancelCall(let id) = $0 { id } else { nil } } }

    func takeOrders() -> [PublishOrder] {
        take { if case .publish(let orders) = $0 { orders } else { nil } }.flatMap { $0 }
    }

    func takeAcknowledged() -> [DeliveryTag] {
        take { if case .acknowledge(_, let tags) = $0 { tags } else { nil } }.flatMap { $0 }
    }

    func takePrefetches() -> [Int] {
        take { if case .consume(_, let prefetch) = $0 { prefetch } else { nil } }
    }

    func takeQuestions() -> [WireRequest] { take { if case .ask(let request) = $0 { request } else { nil } } }

    func takeInboxDeclarations() -> Int { take { if case .declareInbox = $0 { true } else { nil } }.count }

    func takeSignals() -> [WireSignal] { take { if case .signal(let signal) = $0 { signal } else { nil } } }

    func takeBeats() -> [WireBeat] { takeSignals().map(\.beat) }

    var isFinished: Bool { actions.contains { if case .finish = $0 { true } else { false } } }

    /// The cells of everything that was published for the salvage queue.
    func takeSalvaged() throws -> [WireSalvagedCell] {
        let salvage = takeOrders().filter { $0.lane.kind == .salvage }
        return try salvage.flatMap { try WireSalvage(decoding: $0.body).dispatches }.flatMap(\.cells)
    }
}

extension CallResult {
    static func text(_ text: String) -> CallResult {
        .value(filled(WireResultCell()) { $0.value = filled(WireValue()) { $0.text = text } })
    }

    static func failure(_ kind: FailureKind, retryAfter: Duration? = nil) -> CallResult {
        .failed(CallFailure(kind: kind, message: "m", retryAfter: retryAfter))
    }
}
