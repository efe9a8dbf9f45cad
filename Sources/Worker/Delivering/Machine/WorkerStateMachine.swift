import Generation
import Inference
import Messages
import Throttle

/// A worker without its I/O: deliveries, replies, confirms, signals and times in; calls, messages, acknowledgements
/// and prefetches out.
///
/// Events only change the state; `round` lets everything start that may, and gives the actions. The caller hands over
/// what came in one turn of its loop, calls `round` once, and again at `nextDue` at the latest. Nothing in it waits,
/// logs, or reads a clock.
///
/// The parts each have a concern of their own: `DeliveryLedger` (what may be acknowledged), `Outbox` (what is
/// published when), `SpecShelf`, `Breaker`, `ConsumerWindow`, `BrokerGate`, `BeatPace`, and the limits of `Throttle`.
struct WorkerStateMachine: Sendable {
    typealias Instant = ContinuousClock.Instant

    let worker: String
    let rules: WorkerRules
    let makeLimit: @Sendable (_ key: String, _ plan: LimitPlan) -> any LimitController

    var phase = WorkerPhase.serving
    var ledger = DeliveryLedger()
    var outbox = Outbox()
    var specs = SpecShelf<Result<CompiledColumn, CallFailure>>()
    var routes: [Route: ServedRoute] = [:]
    var limits: [String: KeyLimit] = [:]
    var breakers: [BreakerScope: Breaker] = [:]
    var gate = BrokerGate()
    var beats: BeatPace
    /// For the beats.
    var tools: [String] = []
    var jitter: Jitter
    var inboxWatch = InboxWatch()
    var about: WorkerAbout

    var running: [CellID: RunningCall] = [:]
    var childRoom = ChildRoom()
    /// Those of `running` that hold a permit: a batch is one call.
    var callsUnderWay = 0
    /// Cells whose endpoint failed, with the moment of their next try.
    var quickTries: [CellID: Instant] = [:]
    var stoppedJobs: Set<String> = []
    /// When it was told of those that were stopped lately.
    var stopsHeard: [String: Instant] = [:]
    /// When to ask for the present state; nil when it is known.
    var stateQuestionDue: Instant?
    var lastStateAsked: Instant?

    var actions: [WorkerAction] = []
    /// Something that prefetches depend on changed; they are looked at each 100 ms anyway.
    var consumersAreDue = true
    private var nextHousekeeping: Instant
    private var nextPatrol: Instant

    /// - Parameter seed: for the jitter of the quick tries.
    init(
        worker: String, providers: [String], rules: WorkerRules, seed: UInt64, now: Instant,
        makeLimit: @escaping @Sendable (_ key: String, _ plan: LimitPlan) -> any LimitController
    ) {
        self.worker = worker
        self.rules = rules
        self.makeLimit = makeLimit
        beats = BeatPace(worker: worker, providers: providers)
        jitter = Jitter(seed: seed)
        about = WorkerAbout(startedAt: now)
        nextHousekeeping = now
        nextPatrol = now
    }

    /// Lets everything happen that may happen now.
    mutating func round(_ now: Instant) -> [WorkerAction] {
        guard phase != .finished else { return [] }
        if nextHousekeeping <= now { keepHouse(now) }
        tryAgain(now)
        startCalls(now)
        // A worker that leads answers its own demand at once.
        if tellLimits(now) { startCalls(now) }
        // Before anything is published: what is handed back must not come straight back here.
        if consumersAreDue { adjustConsumers(now) }
        publishOutcomes(now)
        askQueues(now)
        ask(now)
        tell(now)
        finishIfDone(now)
        defer { actions.removeAll(keepingCapacity: true) }
        return actions
    }

    /// When `round` has something to do without an event.
    func nextDue(_ now: Instant) -> Instant {
        if phase == .finished { return now + .seconds(3600) }
        var due = nextHousekeeping
        if let outboxDue = outbox.nextDue(now) { due = min(due, outboxDue) }
        if let tryDue = quickTries.values.min() { due = min(due, tryDue) }
        if beats.isChanged { due = min(due, beats.nextDue(rules) ?? now) }
        for limit in limits.values where isAnyWaiting(limit) {
            if let change = limit.controller.nextChange(now) { due = min(due, change) }
        }
        return due
    }

    private mutating func keepHouse(_ now: Instant) {
        nextHousekeeping = now + rules.housekeepingInterval
        consumersAreDue = true
        letLimitsPass(now)
        letBreakersPass(now)
        gate.look(unconfirmedBytes: outbox.unconfirmedBytes, at: now)
        if nextPatrol <= now {
            nextPatrol = now + .seconds(1)
            if inboxWatch.takeSilence(now) { actions.append(.declareInbox) }
            returnWhatWaitedTooLong(now)
            returnWhatIsHeldTooLong(now)
            ledger.forgetRemembered(before: now - rules.holdTime)
        }
        endPhaseInTime(now)
    }

    /// What this worker may take changed: the others hear of it at once, and the prefetches follow.
    mutating func change() {
        beats.change()
        consumersAreDue = true
    }

    private func isAnyWaiting(_ limit: KeyLimit) -> Bool {
        limit.routes.contains { routes[$0]?.lines.isEmpty == false }
    }

    private mutating func finishIfDone(_ now: Instant) {
        guard phase != .serving, ledger.deliveries.isEmpty, ledger.cells.isEmpty, ledger.deadLetters.isEmpty,
            running.isEmpty
        else { return }
        finish(now)
    }

    mutating func finish(_ now: Instant) {
        phase = .finished
        let number = beats.send(now)
        actions.append(.signal(beat(number, now, isLeaving: true)))
        actions.append(.finish)
    }
}
