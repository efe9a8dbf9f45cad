import CrashPoints
import Generation
import HTTP
import Inference
import Messages

extension WorkerService {
    /// Begins a cell's conversation.
    func start(_ call: CellCall) {
        guard let endpoint = providers[call.route.provider]?.endpoint else {
            let failure = CallFailure(kind: .notFound, message: "this worker does not serve \(call.route.provider)")
            machine.callEnded(call.cell, .failed(failure), at: .now)
            actSoon()
            return
        }
        let conversation: Conversation
        do throws(CallFailure) {
            if let ongoing = call.conversation {
                conversation = ongoing
            } else {
                conversation = try call.column.begin(call.task.inputs, record: call.task.record)
            }
        } catch {
            machine.callEnded(call.cell, .notSent(error), at: .now)
            actSoon()
            return
        }
        if let refusal = conversation.ask.refusal(by: endpoint.dialect) {
            machine.callEnded(call.cell, .notSent(refusal), at: .now)
            actSoon()
            return
        }
        calls[call.cell] = OngoingCall(
            conversation: conversation, request: request(call, endpoint), endpoint: endpoint)
        send(call.cell)
    }

    private func request(_ call: CellCall, _ endpoint: Endpoint) -> ModelRequest {
        let name = RequestName(spec: call.spec, provider: call.route.provider)
        if let request = requests[name] { return request }
        // Bounded as the specs are; a new one costs microseconds.
        if requests.count >= 512 { requests.removeAll() }
        let request = ModelRequest(call.column.parameters, to: endpoint)
        requests[name] = request
        return request
    }

    private func send(_ cell: CellID) {
        guard let call = calls[cell], let http else { return }
        let request = call.request.request(call.conversation.ask)
        calls[cell]?.http = http.start(request) { result in
            self.replied(cell, result)
        }
    }

    func cancel(_ cell: CellID) {
        if let id = calls[cell]?.http { http?.cancel(id) }
    }

    private func replied(_ cell: CellID, _ result: Result<HTTPResponse, HTTPError>) {
        guard var call = calls[cell] else { return }
        let milliseconds = UInt32(clamping: (try? result.get())?.duration.wholeMilliseconds ?? 0)
        let ended: CallResult
        switch CallOutcome(result, of: call.conversation.ask, by: call.endpoint) {
        case .reply(let reply):
            afterReply.pass()
            switch call.conversation.receive(reply) {
            case .request: ended = .again(call.conversation)
            case .value(let value): ended = .value(resultCell(value, call.conversation.usage, milliseconds))
            case .failed(let failure):
                ended = .failed(failure, milliseconds: milliseconds, finishReason: reply.finishReason)
            }
        case .failed(let failure): ended = .failed(failure, milliseconds: milliseconds)
        case .cancelled: ended = .cancelled
        }
        calls[cell] = nil
        machine.callEnded(cell, ended, at: .now)
        actSoon()
    }

    /// Asks an endpoint how many calls wait there.
    func readQueue(_ key: String, _ route: Route, _ place: Int) {
        guard let endpoint = providers[route.provider]?.endpoint, let gauge = endpoint.queueGauge, let http else {
            return
        }
        http.start(gauge.request(place, of: endpoint)) { result in
            let waiting = (try? result.get()).flatMap { gauge.waiting(in: $0, model: route.model) }
            self.machine.queueRead(key, waiting: waiting, places: gauge.places, at: .now)
            self.actSoon()
        }
    }

    private func resultCell(
        _ value: CellValue, _ usage: ConversationUsage, _ milliseconds: UInt32
    ) -> WireResultCell {
        filled(WireResultCell()) {
            $0.value = value.value
            $0.sideValues = value.sideValues
            $0.inputTokens = UInt32(clamping: usage.inputTokens)
            $0.outputTokens = UInt32(clamping: usage.outputTokens)
            $0.callMilliseconds = milliseconds
            $0.finishReason = usage.finishReason
        }
    }
}

extension Duration {
    fileprivate var wholeMilliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
