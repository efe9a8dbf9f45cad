import EventLoop

/// Serves calls to models: who is admitted, how long it takes, how it ends, and what is counted.
final class ModelService {
    private(set) var settings: SimulatorSettings
    private(set) var statistics = SimulatorStatistics()
    private(set) var log: CallLog
    private let loop: EventLoop
    private let writer = ReplyWriter()
    private var admission = Admission()
    private var waiting: [Admission.CallID: (Call, ServerConnection)] = [:]
    private var prompts = PromptTable()
    private var lastCall: Admission.CallID = 0
    private var began = ContinuousClock.now
    private var isClockRunning: Bool
    private var ledger = SecondLedger()
    private var modelLedgers: [String: SecondLedger] = [:]
    private var bucket: TokenBucket?
    private var scheduleTimer: TimerID?
    private var isStartingWaiting = false
    /// Called after every change of the statistics.
    var changed: () -> Void = {}

    init(settings: SimulatorSettings, loop: EventLoop) {
        self.settings = settings
        self.loop = loop
        log = CallLog(capacity: settings.keptRequests)
        isClockRunning = !settings.startsClockOnFirstRequest
        refillBucket()
        followSchedule()
    }

    func configure(_ settings: SimulatorSettings) {
        if settings.keptRequests != self.settings.keptRequests { log = CallLog(capacity: settings.keptRequests) }
        let hadBucket = (self.settings.requestsPerSecond, self.settings.burst)
        self.settings = settings
        if hadBucket != (settings.requestsPerSecond, settings.burst) { refillBucket() }
        followSchedule()
        startWaiting()
        changed()
    }

    /// Forgets what was counted, tried and logged; calls in service go on.
    func reset() {
        statistics.reset()
        prompts = PromptTable()
        log = CallLog(capacity: settings.keptRequests)
        began = .now
        isClockRunning = !settings.startsClockOnFirstRequest
        ledger.reset()
        for model in modelLedgers.keys { modelLedgers[model]?.reset() }
        followSchedule()
        changed()
    }

    // MARK: The clock

    /// Seconds since the clock began; 0 before.
    private var second: Double { isClockRunning ? began.duration(to: .now) / .seconds(1) : 0 }

    private func startClock() {
        guard !isClockRunning else { return }
        isClockRunning = true
        began = .now
        followSchedule()
    }

    private func refillBucket() {
        bucket = settings.requestsPerSecond.map { rate in
            TokenBucket(rate: rate, size: settings.burst ?? rate / 10, 0)
        }
    }

    /// Sets the limit that the schedule has now, and comes back when it changes.
    private func followSchedule() {
        if let scheduleTimer { loop.cancel(scheduleTimer) }
        scheduleTimer = nil
        defer { keepAccount(nil) }
        guard let schedule = settings.capacitySchedule else { return }
        settings.maximumConcurrency = schedule.capacity(at: second)
        guard isClockRunning, let next = schedule.nextChange(after: second) else { return }
        scheduleTimer = loop.schedule(after: .seconds(next - second)) { [unowned self] in
            followSchedule()
            startWaiting()
        }
    }

    /// Brings the areas up to now, after a change of what runs or waits of `model`.
    private func keepAccount(_ model: String?) {
        let now = second
        ledger.advance(
            now, running: admission.running, waiting: admission.waiting, limit: settings.maximumConcurrency)
        guard let model else { return }
        let own = settings.models[model]?.maximumConcurrency
        modelLedgers[model, default: SecondLedger()].advance(
            now, running: statistics.models[model]?.inFlight ?? 0, waiting: statistics.models[model]?.waiting ?? 0,
            limit: [own, settings.maximumConcurrency].compactMap { $0 }.min())
    }

    private func note(_ model: String, _ change: (inout SecondLedger.Second) -> Void) {
        keepAccount(model)
        ledger.count(change)
        modelLedgers[model]?.count(change)
    }

    /// The account by seconds, up to now, of all calls or of one model's.
    func account(of model: String?) -> SecondLedger {
        keepAccount(model)
        return model.map { modelLedgers[$0] ?? SecondLedger() } ?? ledger
    }

    func connectionOpened() {
        statistics.connections += 1
        statistics.openConnections += 1
        statistics.maximumOpenConnections = max(statistics.maximumOpenConnections, statistics.openConnections)
        changed()
    }

    func connectionClosed() {
        statistics.openConnections -= 1
        changed()
    }

    func badRequest() {
        statistics.badRequests += 1
        changed()
    }

    // MARK: Calls

    /// - Parameter request: its body is kept where bodies are.
    func chat(_ chat: ChatRequest, _ request: ParsedRequest, on connection: ServerConnection) {
        serve(chat.model, chat.promptHash, chat.conversationHash, request, connection) {
            [writer, settings] call, body in
            call.promptTokens = chat.promptTokens
            (call.completionTokens, call.isTruncated) = writer.completion(
                chat, settings, attempt: call.attempt, into: &body)
        }
    }

    func embeddings(_ embeddings: EmbeddingRequest, _ request: ParsedRequest, on connection: ServerConnection) {
        serve(embeddings.model, embeddings.promptHash, embeddings.promptHash, request, connection) {
            [writer, settings] call, body in
            call.promptTokens = embeddings.promptTokens
            writer.embeddings(embeddings, settings, into: &body)
        }
    }

    /// Counted as calls to a model named `rows`.
    func rows(_ rows: RowsRequest, _ request: ParsedRequest, on connection: ServerConnection) {
        serve("rows", rows.hash, rows.hash, request, connection) { [writer] _, body in
            writer.rows(rows, into: &body)
        }
    }

    func images(_ images: ImageRequest, _ request: ParsedRequest, on connection: ServerConnection) {
        serve(images.model, images.promptHash, images.promptHash, request, connection) {
            [writer, settings] call, body in
            call.promptTokens = images.promptTokens
            writer.images(images, settings, into: &body)
        }
    }

    private func serve(
        _ model: String, _ prompt: UInt64, _ conversation: UInt64, _ request: ParsedRequest,
        _ connection: ServerConnection, _ answer: (Call, inout [UInt8]) -> Void
    ) {
        let keepsAlive = request.head.keepsAlive
        lastCall += 1
        let call = Call(
            id: lastCall, model: model, prompt: prompt, conversation: conversation, arrived: .now,
            reply: connection.hold())
        if !keepsAlive { call.reply.ending = .closes }
        startClock()
        if log.isKept, settings.keepsBodies { call.body = Array(request.bytes[request.body]) }
        statistics.count(model) { $0.requests += 1 }
        note(model) { $0.requests += 1 }
        if let status = settings.failStatus {
            return refuse(call, status, status == 429 ? .limited : .status, keepsAlive)
        }
        if bucket?.take(second) == false { return refuse(call, 429, .limited, keepsAlive) }
        let verdict = admission.arrive(call.id, model, settings)
        if verdict == .isRefused { return refuse(call, 429, .limited, keepsAlive) }

        let isCounting =
            settings.tracksPrompts || log.isKept || settings.flawRate > 0
            || settings.errorRate > 0 && settings.errorKey == .attempt
        if isCounting { call.attempt = prompts.begin(prompt) }
        let error = settings.promptErrors.first { request.bytes[request.body].contains($0.text) }
        settle(call, error, keepsAlive, answer)
        call.reply.abandoned = { [unowned self] in abandon(call) }
        if verdict == .waits {
            waiting[call.id] = (call, connection)
            statistics.count(model) { $0.wait() }
            keepAccount(model)
            changed()
        } else {
            start(call, connection)
        }
    }

    private func refuse(_ call: Call, _ status: Int, _ outcome: Call.Outcome, _ keepsAlive: Bool) {
        call.outcome = outcome
        call.status = status
        writeError(call, keepsAlive)
        account(call)
        call.reply.isReady = true
    }

    private func writeError(_ call: Call, _ keepsAlive: Bool) {
        var body: [UInt8] = []
        writer.error(call.status, into: &body)
        let headers = call.status == 429 || call.status == 503 ? writer.retryAfter(settings) : []
        writer.reply(call.status, headers: headers, body: body, keepsAlive: keepsAlive, into: &call.reply.bytes)
    }

    /// Decides how the call will end, and writes its reply.
    private func settle(
        _ call: Call, _ error: SimulatorSettings.PromptError?, _ keepsAlive: Bool,
        _ answer: (Call, inout [UInt8]) -> Void
    ) {
        if let error {
            call.outcome = Call.Outcome(error.kind)
        } else if settings.errorRate > 0 {
            let attempt = settings.errorKey == .attempt ? UInt64(call.attempt) : 0
            let fate = Hash64.mix(Hash64.mix(settings.seed) ^ Hash64.mix(call.prompt &+ Hash64.mix(attempt)))
            if Hash64.fraction(fate) < settings.errorRate { call.outcome = Call.Outcome(settings.errorKind) }
        }
        switch call.outcome {
        case .status:
            call.status = error?.status ?? settings.errorStatus
            return writeError(call, keepsAlive)
        case .reset:
            call.status = 0
            call.reply.ending = .resets
            return
        case .hang:
            call.status = 0
            return
        case .garbage:
            let garbage = Array("<html><body>upstream sent \u{fffd}\u{0} nonsense</body></html>".utf8)
            return writer.reply(200, body: garbage, keepsAlive: keepsAlive, into: &call.reply.bytes)
        case .endless:
            writer.endless(into: &call.reply.bytes)
            call.reply.ending = .closes
            return
        case .ok, .slow, .truncate, .limited, .aborted:
            break
        }
        var body: [UInt8] = []
        body.reserveCapacity(1024)
        answer(call, &body)
        writer.reply(200, body: body, keepsAlive: keepsAlive, into: &call.reply.bytes)
        if call.outcome == .truncate {
            call.reply.bytes.removeLast(body.count - body.count / 2)
            call.reply.ending = .closes
        }
    }

    private func start(_ call: Call, _ connection: ServerConnection) {
        call.stage = .running
        call.started = .now
        statistics.count(call.model) { $0.start() }
        keepAccount(call.model)
        if call.outcome == .hang { return changed() }
        let latency = latency(call)
        if latency <= .zero { return finish(call) }
        call.timer = loop.schedule(after: latency) { [unowned self] in
            // Timers that are due together are taken together: an earlier one may have ended this call.
            guard call.stage == .running else { return }
            finish(call)
            connection.flush()
        }
        changed()
    }

    private func latency(_ call: Call) -> Duration {
        var latency = settings.models[call.model]?.latency ?? settings.latency
        if call.outcome == .slow { latency += settings.slowness }
        guard settings.latencyJitter > 0, latency > .zero else { return latency }
        let drawn = Hash64.fraction(Hash64.mix(call.conversation ^ Hash64.mix(settings.seed &+ UInt64(call.attempt))))
        return latency * (1 + settings.latencyJitter * (2 * drawn - 1))
    }

    private func finish(_ call: Call) {
        release(call)
        account(call)
        call.reply.isReady = true
        startWaiting()
    }

    private func abandon(_ call: Call) {
        switch call.stage {
        case .over: return
        case .waiting:
            admission.leave(call.id)
            waiting[call.id] = nil
            statistics.count(call.model) { $0.waiting -= 1 }
        case .running:
            release(call)
        }
        call.status = 0
        if call.outcome != .hang { call.outcome = .aborted }
        account(call)
        startWaiting()
    }

    private func release(_ call: Call) {
        if let timer = call.timer { loop.cancel(timer) }
        admission.end(call.model)
        statistics.count(call.model) { $0.inFlight -= 1 }
        if let started = call.started { statistics.busy += started.duration(to: .now) }
    }

    private func startWaiting() {
        // A call without latency ends at once and comes back here: a loop rather than a recursion.
        guard !isStartingWaiting else { return }
        isStartingWaiting = true
        defer { isStartingWaiting = false }
        while admission.waiting > 0 {
            let ids = admission.startWaiting(settings)
            if ids.isEmpty { return }
            for id in ids {
                guard let (call, connection) = waiting.removeValue(forKey: id) else { continue }
                statistics.count(call.model) { $0.waiting -= 1 }
                start(call, connection)
                if call.stage == .over { connection.flush() }
            }
        }
    }

    private func account(_ call: Call) {
        statistics.count(call.model) { counts in
            switch call.outcome {
            case .ok, .slow:
                counts.ok += 1
                counts.promptTokens += call.promptTokens
                counts.completionTokens += call.completionTokens
                counts.truncated += call.isTruncated ? 1 : 0
            case .limited: counts.r429 += 1
            case .aborted: counts.aborted += 1
            case .status, .reset, .hang, .truncate, .garbage, .endless: counts.errors += 1
            }
        }
        note(call.model) { $0.count(call.outcome) }
        if call.outcome == .ok || call.outcome == .slow, settings.tracksPrompts, prompts.answer(call.prompt) {
            statistics.repeatedPrompts += 1
        }
        statistics.distinctPrompts = settings.tracksPrompts ? prompts.count : 0
        call.stage = .over
        call.reply.abandoned = nil
        if log.isKept {
            let now = ContinuousClock.now
            let started = call.started ?? now
            log.append(
                CallLog.Entry(
                    arrived: began.duration(to: call.arrived), model: call.model, prompt: call.prompt,
                    status: call.status, outcome: call.outcome, attempt: call.attempt,
                    waited: call.arrived.duration(to: started), served: started.duration(to: now),
                    body: call.body))
        }
        changed()
    }
}

extension SecondLedger.Second {
    fileprivate mutating func count(_ outcome: Call.Outcome) {
        switch outcome {
        case .ok, .slow: ok += 1
        case .limited: refused += 1
        case .aborted: aborted += 1
        case .status, .reset, .hang, .truncate, .garbage, .endless: errors += 1
        }
    }
}
