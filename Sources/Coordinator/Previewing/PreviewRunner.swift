import EventLoop
import Generation
package import HTTP
package import Inference

/// Makes the calls that a `PreviewStateMachine` asks for, on a thread of its own, until it has finished.
///
/// One value runs once.
package actor PreviewRunner {
    private nonisolated let loop: EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private var machine: PreviewStateMachine
    private let endpoints: [String: Endpoint]
    private let settings: HTTPClient.Settings
    private let progress: @Sendable (PreviewStateMachine) -> Void
    private var http: HTTPClient?
    private var timer: TimerID?
    private var waiter: CheckedContinuation<Void, Never>?

    /// - Parameters:
    ///   - endpoints: by provider.
    ///   - progress: told after each change, on the preview's thread.
    package init(
        _ machine: PreviewStateMachine, endpoints: [String: Endpoint], settings: HTTPClient.Settings = .init(),
        progress: @escaping @Sendable (PreviewStateMachine) -> Void = { _ in }
    ) {
        loop = EventLoop(name: "preview")
        self.machine = machine
        self.endpoints = endpoints
        self.settings = settings
        self.progress = progress
    }

    /// Runs to the end, and gives the machine as it is then.
    ///
    /// - Throws: `HTTPError` when libcurl cannot start.
    package func run() async throws -> PreviewStateMachine {
        defer {
            http?.shutdown()
            http = nil
            loop.stop()
        }
        http = try HTTPClient(loop: loop, settings: settings)
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
        guard let endpoint = endpoints[call.provider], let http else {
            let failure = CallFailure(kind: .notFound, message: "no endpoint is known for provider \(call.provider)")
            return end(call.id, .failed(failure))
        }
        let ask = call.conversation.ask
        if let refusal = ask.refusal(by: endpoint.dialect) { return end(call.id, .failed(refusal)) }
        http.start(ModelRequest(call.column.parameters, to: endpoint).request(ask)) { result in
            self.end(call.id, CallOutcome(result, of: ask, by: endpoint))
        }
    }

    private func end(_ id: Int, _ outcome: CallOutcome) {
        machine.ended(id, outcome, at: .now)
        // At the end of this turn of the loop, so that a start that fails at once does not recurse.
        loop.schedule(after: .zero) { self.act() }
    }
}
