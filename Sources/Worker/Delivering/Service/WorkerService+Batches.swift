import Checks
import Generation
import Inference
import Logging
import Messages
import Processes

extension WorkerService {
    /// Makes a call for several cells.
    func start(_ batch: BatchCall) {
        guard let batched = batch.column.batched else { preconditionFailure("a batch of a column that has none") }
        let first = batch.cells[0].id
        batches[first] = OngoingBatch(call: batch)
        for cell in batch.cells { batchOf[cell.id] = first }
        do throws(CallFailure) {
            let maker = try BatchCalls.maker(
                of: batched, on: "\(batch.route)", provider: provider(of: batch.route), tool: tool(of: batched),
                toolTimeout: configuration.toolTimeout)
            batchCalls?.start(first, batch.cells.map(\.task.inputs), by: maker, retries: batch.retries) { results in
                self.end(first, results)
            }
        } catch {
            end(first, .init(repeating: .failed(error), count: batch.cells.count))
        }
    }

    /// The call ends when nobody wants it any more.
    func cancel(_ cell: CellID, of first: CellID) {
        guard var batch = batches[first], batch.cancelled.insert(cell).inserted else { return }
        batches[first] = batch
        guard batch.cancelled.count == batch.call.cells.count else { return }
        batchCalls?.cancel(first)
    }

    private func end(_ first: CellID, _ results: [CallResult]) {
        guard let batch = batches.removeValue(forKey: first) else { return }
        for cell in batch.call.cells { batchOf[cell.id] = nil }
        machine.batchEnded(zip(batch.call.cells, results).map { (id: $0.id, result: $1) }, at: .now)
        actSoon()
    }

    // MARK: Tools

    /// Looks for the tools beside everything else: asking them for their versions takes a second.
    func findTools() {
        let path = configuration.toolPath
        do throws(ProcessError) {
            try ToolProgram.find(in: path) { [weak self] programs in
                self?.onLoop { $0.found(programs) }
            }
        } catch {
            logger.error("cannot look for tools: none is served", metadata: ["reason": "\(error)"])
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

    /// The tool that a column needs, if it is here.
    func tool(of column: BatchedColumn) -> ToolProgram? {
        guard case .lint(let lint) = column else { return nil }
        return tools[lint.language.tool]
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
