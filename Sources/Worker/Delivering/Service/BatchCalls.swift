import Checks
import CrashPoints
import Generation
import HTTP
import Inference
import Messages

/// Makes the calls of columns that are made several cells at a time: a run of a tool, or rows for an endpoint. A worker
/// has one, and so has each of its child processes, for one cell at a time.
///
/// On its client's loop only. A call's end is told once, with a result for each cell, and maybe before `start` returns.
final class BatchCalls {
    /// Who makes the cells.
    enum Maker {
        case tool(LintColumn, ToolProgram, timeout: Duration)
        case endpoint(RowsColumn, Endpoint)
    }

    private struct Ongoing {
        enum Work {
            case lint(LintRun)
            case http(HTTPRequestID)
        }

        let maker: Maker
        let retries: Int
        let inputs: [[WireValue]]
        let start: ContinuousClock.Instant
        let ended: ([CallResult]) -> Void
        var work: Work?
    }

    private let http: HTTPClient
    private let silence: SilenceCheck
    private let toolEnded: @Sendable (CellID, Result<[WireValue], CallFailure>?) -> Void
    private var ongoing: [CellID: Ongoing] = [:]
    private let faults = PromptFaults.ofThisProcess

    /// - Parameter toolEnded: called on another thread, to call `checked` on the loop.
    init(
        http: HTTPClient, silence: SilenceCheck,
        toolEnded: @escaping @Sendable (CellID, Result<[WireValue], CallFailure>?) -> Void
    ) {
        self.http = http
        self.silence = silence
        self.toolEnded = toolEnded
    }

    /// Who is to make a column's cells.
    ///
    /// - Parameters:
    ///   - route: in words.
    ///   - provider: the one that the route means, if this worker serves it.
    ///   - tool: the one that the column needs, if it is here.
    /// - Throws: a failure of kind `notFound`.
    static func maker(
        of column: BatchedColumn, on route: String, provider: Provider?, tool: ToolProgram?, toolTimeout: Duration
    ) throws(CallFailure) -> Maker {
        switch column {
        case .lint(let lint):
            guard let tool else {
                throw CallFailure(
                    kind: .notFound, message: "this worker has no \(lint.language.tool.rawValue)")
            }
            return .tool(lint, tool, timeout: toolTimeout)
        case .rows(let rows):
            guard let provider else {
                throw CallFailure(kind: .notFound, message: "this worker does not serve \(route)")
            }
            if let refusal = rows.refusal(by: provider.endpoint, provider: provider.name) { throw refusal }
            return .endpoint(rows, provider.endpoint)
        }
    }

    /// - Parameters:
    ///   - name: the cell that the call goes by.
    ///   - inputs: of each cell the values of the column's inputs.
    ///   - retries: how often the call was made again already.
    func start(
        _ name: CellID, _ inputs: [[WireValue]], by maker: Maker, retries: Int,
        ended: @escaping ([CallResult]) -> Void
    ) {
        ongoing[name] = Ongoing(maker: maker, retries: retries, inputs: inputs, start: .now, ended: ended)
        switch maker {
        case .tool(let lint, let program, let timeout):
            let run = LintRun.start(lint, with: program, cells: inputs, timeout: timeout) { [toolEnded] result in
                toolEnded(name, result)
            }
            ongoing[name]?.work = .lint(run)
        case .endpoint(let rows, let endpoint):
            let id = http.start(rows.request(inputs, to: endpoint)) { [unowned self] result in
                let outcome = rows.outcome(of: result, cells: inputs, by: endpoint)
                guard case .failed(let failure) = outcome else { return end(name, outcome) }
                silence.judge(failure, of: endpoint) { [unowned self] in end(name, .failed($0)) }
            }
            ongoing[name]?.work = .http(id)
        }
    }

    /// Its end is told all the same.
    func cancel(_ name: CellID) {
        switch ongoing[name]?.work {
        case .lint(let run): run.cancel()
        case .http(let id): http.cancel(id)
        case nil: break
        }
    }

    /// The tool's run that goes by this name ended.
    func checked(_ name: CellID, _ result: Result<[WireValue], CallFailure>?) {
        switch result {
        case .success(let values): end(name, .rows(values.map { .success(CellValue($0)) }))
        case .failure(let failure): end(name, .failed(failure))
        case nil: end(name, .cancelled)
        }
    }

    private func end(_ name: CellID, _ outcome: RowsColumn.Outcome) {
        guard let call = ongoing.removeValue(forKey: name) else { return }
        if let faults { for text in call.inputs.joined().compactMap(\.plainText) { faults.pass(text) } }
        let milliseconds = UInt32(clamping: call.start.duration(to: .now).wholeMilliseconds)
        switch outcome {
        case .rows(let rows): call.ended(rows.map { Self.result(of: $0, milliseconds) })
        case .failed(let failure):
            call.ended(.init(repeating: Self.result(of: failure, call), count: call.inputs.count))
        case .cancelled: call.ended(.init(repeating: .cancelled, count: call.inputs.count))
        }
    }

    private static func result(of row: Result<CellValue, CallFailure>, _ milliseconds: UInt32) -> CallResult {
        switch row {
        case .success(let value): .value(WireResultCell(value, ConversationUsage(), milliseconds))
        case .failure(let failure): .failed(failure, CallFigures(milliseconds: milliseconds))
        }
    }

    private static func result(of failure: CallFailure, _ call: Ongoing) -> CallResult {
        guard case .endpoint(let rows, _) = call.maker else { return .failed(failure) }
        if let pause = rows.pause(after: failure, retries: call.retries) { return .later(failure, after: pause) }
        return rows.value(after: failure).map { .value(WireResultCell($0, ConversationUsage(), 0)) } ?? .failed(failure)
    }
}

extension WireValue {
    /// What a test may have put a marker into.
    fileprivate var plainText: String? {
        switch kind {
        case .text(let text), .json(let text): text
        case nil: nil
        }
    }
}
