import CrashPoints
import Generation
import HTTP
import Inference
import Messages

/// Makes the calls of cells: one request of a cell's conversation each. A worker has one, and so has each of its child
/// processes.
///
/// On its client's loop only. A call's end is told once, and maybe before `start` returns.
final class CellCalls {
    private let providers: [String: Provider]
    private let http: HTTPClient
    private var ongoing: [CellID: OngoingCall] = [:]
    private var requests: [RequestName: ModelRequest] = [:]
    let silence: SilenceCheck
    private let afterReply = CrashPoint.named("worker-after-reply-before-publish")
    private let faults = PromptFaults.ofThisProcess

    init(providers: [String: Provider], http: HTTPClient) {
        self.providers = providers
        self.http = http
        silence = SilenceCheck(http)
    }

    func start(_ call: CellCall, ended: @escaping (CallResult) -> Void) {
        guard let endpoint = providers[call.route.provider]?.endpoint else {
            let failure = CallFailure(kind: .notFound, message: "this worker does not serve \(call.route.provider)")
            return ended(.failed(failure))
        }
        let conversation: Conversation
        do throws(CallFailure) {
            if let begun = call.conversation {
                conversation = begun
            } else {
                conversation = try call.begin()
            }
        } catch {
            return ended(.notSent(error))
        }
        if let refusal = conversation.ask.refusal(by: endpoint.dialect) {
            // One that is the providers file's fault is no cell's.
            return ended(refusal.kind.family == .request ? .notSent(refusal) : .failed(refusal))
        }
        let request = request(call, endpoint)
        ongoing[call.cell] = OngoingCall(conversation: conversation, endpoint: endpoint)
        ongoing[call.cell]?.http = http.start(request.request(conversation.ask)) { [unowned self] result in
            replied(call.cell, result, ended)
        }
    }

    /// Its end is told all the same.
    func cancel(_ cell: CellID) {
        if let id = ongoing[cell]?.http { http.cancel(id) }
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

    private func replied(
        _ cell: CellID, _ result: Result<HTTPResponse, HTTPError>, _ ended: @escaping (CallResult) -> Void
    ) {
        guard var call = ongoing.removeValue(forKey: cell) else { return }
        let milliseconds = UInt32(clamping: (try? result.get())?.duration.wholeMilliseconds ?? 0)
        func figures(_ finishReason: String = "") -> CallFigures {
            CallFigures(
                milliseconds: milliseconds, finishReason: finishReason,
                inputTokens: call.conversation.usage.inputTokens, outputTokens: call.conversation.usage.outputTokens)
        }
        switch CallOutcome(result, of: call.conversation.ask, by: call.endpoint) {
        case .reply(let reply):
            afterReply.pass()
            if let faults { for text in call.conversation.ask.prompts { faults.pass(text) } }
            switch call.conversation.receive(reply) {
            case .request: ended(.again(call.conversation))
            case .value(let value): ended(.value(WireResultCell(value, call.conversation.usage, milliseconds)))
            case .failed(let failure): ended(.failed(failure, figures(reply.finishReason)))
            }
        case .failed(let failure):
            let figures = figures()
            silence.judge(failure, of: call.endpoint) { ended(.failed($0, figures)) }
        case .cancelled: ended(.cancelled)
        }
    }
}

extension CellCall {
    /// From its first messages, or from where it stood when it was handed back.
    fileprivate func begin() throws(CallFailure) -> Conversation {
        var conversation = try column.begin(task.inputs, record: task.record, files: files)
        if task.hasConversation { conversation.goOn(from: task.conversation) }
        return conversation
    }
}

extension ModelAsk {
    /// What a test may have put a marker into.
    fileprivate var prompts: [String] {
        guard case .chat(let messages, _) = self else { return [] }
        return messages.flatMap(\.blocks).compactMap { if case .text(let text) = $0 { text } else { nil } }
    }
}

extension Duration {
    var wholeMilliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
