import AMQP
import Checks
import CrashPoints
import EventLoop
import HTTP
import Inference
package import Logging
import Messages
import Monitoring
import Throttle

/// A worker: takes tasks from the routes of the providers it serves, calls their endpoints, and publishes what comes
/// of it.
///
/// Everything that is decided is decided by `WorkerStateMachine`; this actor carries it out. It lives on one event loop
/// together with its HTTP client, so that a cell costs no task and no hop of its own: only batches cross to the two
/// broker connections, one for publishing and one for consuming (under an alarm the broker stops reading from a
/// connection that publishes).
///
/// One value runs once.
package actor WorkerService {
    let configuration: WorkerConfiguration
    let logger: Logger
    nonisolated let loop: EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    let providers: [String: Provider]
    let inbox: String
    var machine: WorkerStateMachine

    var http: HTTPClient?
    var publisher: AMQPConnection?
    var consumer: AMQPConnection?
    var isPublisherBlocked = false
    var routes: [Route: OpenRoute] = [:]
    var inboxConsumer: Consumer?
    var cellCalls: CellCalls?
    var batchCalls: BatchCalls?
    var children = ChildPool()
    var processes: [ChildID: ChildProcess] = [:]
    var childCalls: [CellID: CellCall] = [:]
    var childTimer: TimerID?
    /// The broker ended its consumer: the queue is gone.
    var isInboxGone = false
    var isDeclaringInbox = false
    var gauges = LimitGauges(prefix: "tessera_worker")
    var limitsShownAt: ContinuousClock.Instant?
    /// By the first of their cells, and which one that is.
    var batches: [CellID: OngoingBatch] = [:]
    var batchOf: [CellID: CellID] = [:]
    var tools: [CodeTool: ToolProgram] = [:]
    var files = FileExchange()
    /// Calls that wait for files before they are made.
    var parked: [CellID: CellCall] = [:]
    /// What calls brought, which waits until its files are kept.
    var unkept: [CellID: WireResultCell] = [:]

    var isRoundScheduled = false
    var timer: (id: TimerID, due: ContinuousClock.Instant)?
    /// What waits for a broker; it ends with the worker.
    private(set) var tasks: [Int: Task<Void, Never>] = [:]
    private var lastTask = 0
    private var outcome: Result<Void, any Error>?
    private var waiter: CheckedContinuation<Void, any Error>?

    let afterPublish = CrashPoint.named("worker-after-publish-before-confirm")
    let afterConfirm = CrashPoint.named("worker-after-confirm-before-ack")

    package init(configuration: WorkerConfiguration, logger: Logger) {
        self.configuration = configuration
        var logger = logger
        logger[metadataKey: "worker"] = "\(configuration.id)"
        self.logger = logger
        loop = EventLoop(name: "worker")
        providers = Dictionary(configuration.providers.map { ($0.name, $0) }) { first, _ in first }
        inbox = Topics.inbox(of: configuration.id)
        let id = configuration.id
        machine = WorkerStateMachine(
            worker: id, providers: configuration.providers.map(\.name).sorted(), rules: configuration.rules,
            seed: .random(in: 0 ... .max), now: .now, makeLimit: Self.limits(of: configuration))
        machine.about.version = configuration.version
        machine.about.host = configuration.host
    }

    private static func limits(
        of configuration: WorkerConfiguration
    ) -> @Sendable (_ key: String, _ plan: LimitPlan) -> any LimitController {
        { key, plan in
            if key.hasSuffix(toolKeyEnd) {
                return DividedCap(worker: configuration.id, cap: plan.settings.cap, isAlone: true)
            }
            // The worker's own setting is for all of its limits, whatever the jobs say.
            if plan.isDocumented || configuration.throttleLaw == .documented {
                return DocumentedLimit(DocumentedSettings(plan.settings), .now)
            }
            return ClusterMember(worker: configuration.id, settings: plan.settings, .now)
        }
    }

    // MARK: The life of a worker

    /// Serves until it is drained. A broker that cannot be reached is tried for ever.
    ///
    /// - Throws: `AMQPError` when the broker refuses this worker in a way that waiting will not mend (its password, a
    ///   queue of the same name), `HTTPError` when libcurl cannot start.
    package func run() async throws {
        let http = try HTTPClient(loop: loop, settings: configuration.http)
        self.http = http
        let calls = CellCalls(providers: providers, http: http)
        cellCalls = calls
        batchCalls = BatchCalls(http: http, silence: calls.silence) { [weak self] name, result in
            self?.onLoop { $0.batchCalls?.checked(name, result) }
        }
        connect()
        findTools()
        beside { await $0.setUpConsuming() }
        do {
            try await theEnd()
            await shutDown()
        } catch {
            await shutDown()
            throw error
        }
    }

    private func theEnd() async throws {
        if let outcome { return try outcome.get() }
        try await withCheckedThrowingContinuation { waiter = $0 }
    }

    /// Does what waits for a broker, beside everything else. It is cancelled when the worker ends, which waits for it.
    func beside(_ work: @escaping @Sendable (isolated WorkerService) async -> Void) {
        lastTask += 1
        let id = lastTask
        tasks[id] = Task {
            await work(self)
            // It cannot have ended before it was kept: both are on this actor.
            tasks[id] = nil
        }
    }

    /// Ends it gently: no new task, what runs is finished, and handed back after the configuration's `drainTimeout`.
    /// From any thread; a second call does nothing.
    package nonisolated func drain() {
        onLoop { $0.machine.drain(at: .now) }
    }

    /// Ends it at once: everything without an outcome is handed back, uncharged.
    package nonisolated func returnEverythingNow() {
        onLoop { $0.machine.returnEverything(at: .now) }
    }

    /// Ends `run`. Only the first call counts.
    func end(_ outcome: Result<Void, any Error> = .success(())) {
        guard self.outcome == nil else { return }
        self.outcome = outcome
        waiter?.resume(with: outcome)
        waiter = nil
    }

    private func shutDown() async {
        for task in tasks.values { task.cancel() }
        if let timer { loop.cancel(timer.id) }
        timer = nil
        // Before its connection, so that the last acknowledgements go out.
        for route in routes.values { await route.consumer?.closeChannel() }
        await publisher?.close()
        await consumer?.close()
        for task in tasks.values { await task.value }
        endChildren()
        http?.shutdown()
        http = nil
        // The last thing on it: nothing enters this actor any more.
        loop.stop()
    }

    // MARK: Rounds

    /// Hands something to the state machine from another thread, and lets it act.
    nonisolated func onLoop(_ change: @escaping @Sendable (isolated WorkerService) -> Void) {
        loop.execute {
            self.assumeIsolated {
                change($0)
                $0.actSoon()
            }
        }
    }

    /// Lets the state machine act at the end of this turn of the loop, once for all that came in it.
    func actSoon() {
        guard !isRoundScheduled, outcome == nil else { return }
        isRoundScheduled = true
        loop.schedule(after: .zero) { self.act() }
    }

    private func act() {
        isRoundScheduled = false
        guard outcome == nil else { return }
        let now = ContinuousClock.now
        for action in machine.round(now) { perform(action) }
        for request in files.takeRequests(now) { ask(request) }
        setTimer(files.nextDue.map { min($0, machine.nextDue(now)) } ?? machine.nextDue(now))
    }

    /// One timer, which is only moved to an earlier moment.
    private func setTimer(_ due: ContinuousClock.Instant) {
        if let timer {
            guard due < timer.due else { return }
            loop.cancel(timer.id)
        }
        let id = loop.schedule(after: ContinuousClock.now.duration(to: due)) {
            self.timer = nil
            self.act()
        }
        timer = (id, due)
    }
}
