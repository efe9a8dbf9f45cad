package import Checks
import EventLoop
import Generation
package import HTTP
package import Inference
import Messages

/// Makes the calls that a `PreviewStateMachine` asks for, on a thread of its own, until it has finished.
///
/// One value runs once.
package actor PreviewRunner {
    private nonisolated let loop: EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private var machine: PreviewStateMachine
    private let endpoints: [String: Endpoint]
    private let tools: [ToolProgram]
    private let settings: HTTPClient.Settings
    private let progress: @Sendable (PreviewStateMachine) -> Void
    private var http: HTTPClient?
    private var silence: SilenceCheck?
    private var timer: TimerID?
    private var waiter: CheckedContinuation<Void, Never>?

    /// - Parameters:
    ///   - endpoints: by provider; of remote validators, by the URL in the workflow.
    ///   - tools: those of this machine, for validation columns of code.
    ///   - progress: told after each change, on the preview's thread.
    package init(
        _ machine: PreviewStateMachine, endpoints: [String: Endpoint], tools: [ToolProgram] = [],
        settings: HTTPClient.Settings = .init(),
        progress: @escaping @Sendable (PreviewStateMachine) -> Void = { _ in }
    ) {
        loop = EventLoop(name: "preview")
        self.machine = machine
        self.endpoints = endpoints
        self.tools = tools
        self.settings = settings
        self.progress = progress
    }

    /// Runs to the end, and gives the machine as it is then.
    ///
    /// - Throws: `HTTPError` when libcurl cannot start.
    package func run() async throws -> PreviewStateMachine {
        defer {
            silence = nil
            http?.shutdown()
            http = nil
            loop.stop()
        }
        let http = try HTTPClient(loop: loop, settings: settings)
        self.http = http
        silence = SilenceCheck(http)
        act()
        if !machine.isFinished {
            await withCheckedContinuation { waiter = $0 }
        }
        return machine
    }

    private func act() {
        let now = ContinuousClock.now
        for call in machine.round(now) { start(call) }
        progress(machine)
        if let timer { loop.cancel(timer) }
        timer = nil
        if machine.isFinished {
            waiter?.resume()
            waiter = nil
        } else if let due = machine.nextDue(now) {
            timer = loop.schedule(after: max(.zero, ContinuousClock.now.duration(to: due))) { self.act() }
        }
    }

    private func start(_ call: PreviewCall) {
        if case .lint(let lint) = call.column.batched, case .rows(let cells) = call.work {
            return start(lint, cells, call.id)
        }
        guard let endpoint = endpoint(of: call.route), let http else {
            let name = call.route.provider == Route.remoteProvider ? call.route.model : call.route.provider
            let failure = CallFailure(kind: .notFound, message: "no endpoint is known for provider \(name)")
            if case .rows = call.work { return endRows(call.id, .failed(failure)) }
            return end(call.id, .failed(failure))
        }
        guard case .conversation(let conversation) = call.work else { return start(call, endpoint, http) }
        let ask = conversation.ask
        if let refusal = ask.refusal(by: endpoint.dialect) { return end(call.id, .failed(refusal)) }
        http.start(ModelRequest(call.column.parameters, to: endpoint).request(ask)) { result in
            let outcome = CallOutcome(result, of: ask, by: endpoint)
            guard case .failed(let failure) = outcome, let silence = self.silence else {
                return self.end(call.id, outcome)
            }
            silence.judge(failure, of: endpoint) { self.end(call.id, .failed($0)) }
        }
    }

    private func start(_ call: PreviewCall, _ endpoint: Endpoint, _ http: HTTPClient) {
        guard case .rows(let cells) = call.work, case .rows(let rows) = call.column.batched else { return }
        if let refusal = rows.refusal(by: endpoint, provider: call.route.provider) {
            return endRows(call.id, .failed(refusal))
        }
        http.start(rows.request(cells, to: endpoint)) { result in
            let outcome = rows.outcome(of: result, cells: cells, by: endpoint)
            guard case .failed(let failure) = outcome, let silence = self.silence else {
                return self.endRows(call.id, outcome)
            }
            silence.judge(failure, of: endpoint) { self.endRows(call.id, .failed($0)) }
        }
    }

    private func start(_ lint: LintColumn, _ cells: [[WireValue]], _ id: Int) {
        guard let program = tools.first(where: { $0.tool == lint.language.tool }) else {
            let name = lint.language.tool.rawValue
            return endRows(id, .failed(CallFailure(kind: .notFound, message: "\(name) is not here")))
        }
        _ = LintRun.start(lint, with: program, cells: cells, timeout: .seconds(60)) { [loop] result in
            let outcome: RowsColumn.Outcome =
                switch result {
                case .success(let values): .rows(values.map { .success(CellValue($0)) })
                case .failure(let failure): .failed(failure)
                case nil: .cancelled
                }
            loop.execute { self.assumeIsolated { $0.endRows(id, outcome) } }
        }
    }

    private func endpoint(of route: Route) -> Endpoint? {
        endpoints[route.provider == Route.remoteProvider ? route.model : route.provider]
    }

    private func endRows(_ id: Int, _ outcome: RowsColumn.Outcome) {
        machine.rowsEnded(id, outcome, at: .now)
        loop.schedule(after: .zero) { self.act() }
    }

    private func end(_ id: Int, _ outcome: CallOutcome) {
        machine.ended(id, outcome, at: .now)
        // At the end of this turn of the loop, so that a start that fails at once does not recurse.
        loop.schedule(after: .zero) { self.act() }
    }
}
