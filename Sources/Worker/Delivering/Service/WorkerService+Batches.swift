import Checks
import CrashPoints
import Generation
import HTTP
import Inference
import Logging
import Messages

extension WorkerService {
    /// Makes a call for several cells.
    func start(_ batch: BatchCall) {
        let first = batch.cells[0].id
        batches[first] = OngoingBatch(call: batch, start: .now)
        for cell in batch.cells { batchOf[cell.id] = first }
        let inputs = batch.cells.map(\.task.inputs)
        switch batch.column.batched {
        case .lint(let lint): start(lint, inputs, first)
        case .rows(let rows): start(rows, inputs, first, on: batch.route)
        case nil: preconditionFailure("a batch of a column that has none")
        }
    }

    private func start(_ lint: LintColumn, _ inputs: [[WireValue]], _ first: CellID) {
        guard let program = tools[lint.language.tool] else {
            let name = lint.language.tool.rawValue
            return end(first, .failed(CallFailure(kind: .notFound, message: "this worker has no \(name)")))
        }
        let timeout = configuration.toolTimeout
        let run = LintRun.start(lint, with: program, cells: inputs, timeout: timeout) { [weak self] result in
            self?.onLoop { $0.checked(first, result) }
        }
        batches[first]?.work = .lint(run)
    }

    private func checked(_ first: CellID, _ result: Result<[WireValue], CallFailure>?) {
        switch result {
        case .success(let values): end(first, .rows(values.map { .success(CellValue($0)) }))
        case .failure(let failure): end(first, .failed(failure))
        case nil: end(first, .cancelled)
        }
    }

    private func start(_ rows: RowsColumn, _ inputs: [[WireValue]], _ first: CellID, on route: Route) {
        guard let endpoint = provider(of: route)?.endpoint else {
            let failure = CallFailure(kind: .notFound, message: "this worker does not serve \(route)")
            return end(first, .failed(failure))
        }
        if let refusal = rows.refusal(by: endpoint, provider: route.provider) { return end(first, .failed(refusal)) }
        let id = http?.start(rows.request(inputs, to: endpoint)) { result in
            let outcome = rows.outcome(of: result, cells: inputs, by: endpoint)
            guard case .failed(let failure) = outcome, let silence = self.cellCalls?.silence else {
                return self.end(first, outcome)
            }
            silence.judge(failure, of: endpoint) { self.end(first, .failed($0)) }
        }
        batches[first]?.work = id.map { .http($0) }
    }

    /// The call ends when nobody wants it any more.
    func cancel(_ cell: CellID, of first: CellID) {
        guard var batch = batches[first], batch.cancelled.insert(cell).inserted else { return }
        batches[first] = batch
        guard batch.cancelled.count == batch.call.cells.count else { return }
        switch batch.work {
        case .lint(let run): run.cancel()
        case .http(let id): http?.cancel(id)
        case nil: break
        }
    }

    private func end(_ first: CellID, _ outcome: RowsColumn.Outcome) {
        guard let batch = batches.removeValue(forKey: first) else { return }
        let cells = batch.call.cells
        for cell in cells { batchOf[cell.id] = nil }
        let milliseconds = UInt32(clamping: batch.start.duration(to: .now).wholeMilliseconds)
        let results: [CallResult]
        switch outcome {
        case .rows(let rows):
            results = rows.map { result(of: $0, milliseconds) }
        case .failed(let failure): results = .init(repeating: self.result(of: failure, batch.call), count: cells.count)
        case .cancelled: results = .init(repeating: .cancelled, count: cells.count)
        }
        machine.batchEnded(zip(cells, results).map { (id: $0.id, result: $1) }, at: .now)
        actSoon()
    }

    private func result(of row: Result<CellValue, CallFailure>, _ milliseconds: UInt32) -> CallResult {
        switch row {
        case .success(let value): .value(WireResultCell(value, ConversationUsage(), milliseconds))
        case .failure(let failure): .failed(failure, CallFigures(milliseconds: milliseconds))
        }
    }

    private func result(of failure: CallFailure, _ call: BatchCall) -> CallResult {
        guard case .rows(let rows) = call.column.batched else { return .failed(failure) }
        if let pause = rows.pause(after: failure, retries: call.retries) { return .later(failure, after: pause) }
        return rows.value(after: failure).map { .value(WireResultCell($0, ConversationUsage(), 0)) } ?? .failed(failure)
    }

    // MARK: Tools

    /// Looks for the tools beside everything else: asking them for their versions takes a second.
    func findTools() {
        let path = configuration.toolPath
        ToolProgram.find(in: path) { [weak self] programs in
            self?.onLoop { $0.found(programs) }
        }
    }

    private func found(_ programs: [ToolProgram]) {
        guard !programs.isEmpty else { return }
        for program in programs { tools[program.tool] = program }
        logger.info(
            "tools_found", metadata: ["tools": "\(programs.map(\.description).sorted().joined(separator: ", "))"])
        // Their routes were passed over until now.
        machine.hasTools(programs.map(\.description).sorted(), at: .now)
    }

    func learn(_ tool: CodeTool, _ info: WireRouteInfo) {
        guard tools[tool] != nil else { return }
        let route = info.route
        machine.learn(
            route, endpoint: "\(route)", limitKey: Self.toolKey(route, of: configuration.id),
            operatorCap: configuration.toolsAtOnce, workflowCap: configuration.toolsAtOnce, at: .now)
    }

    /// A tool's limit is each worker's own.
    private static func toolKey(_ route: Route, of worker: String) -> String {
        "\(route.provider)|\(worker)|\(route.model)\(toolKeyEnd)"
    }

    static let toolKeyEnd = "|tool"

    // MARK: Endpoints

    /// The provider that a route means: one of its name, for a remote validator the one of its URL.
    func provider(of route: Route) -> Provider? {
        guard route.provider == Route.remoteProvider else { return providers[route.provider] }
        return configuration.providers.first { $0.isMeant(by: route.model) }
    }
}
