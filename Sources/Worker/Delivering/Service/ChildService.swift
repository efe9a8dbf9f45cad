import CLinux
import Checks
import EventLoop
import FoundationEssentials
import Generation
import Glibc
package import HTTP
package import Inference
import Messages

/// The inside of a worker's child process: takes calls from its stdin, makes them, and answers on its stdout, which are
/// one socket.
///
/// It ends with that socket, and takes no more memory than it was given: what does not fit ends the process.
package actor ChildService {
    private nonisolated let loop = EventLoop(name: "worker-child")
    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private let providers: [String: Provider]
    private let httpSettings: HTTPClient.Settings
    private var calls: CellCalls?
    private var batchCalls: BatchCalls?
    private var socket: FrameSocket?
    private var columns: [SpecHash: CompiledColumn] = [:]

    package init(providers: [Provider], http: HTTPClient.Settings = HTTPClient.Settings()) {
        self.providers = Dictionary(providers.map { ($0.name, $0) }) { first, _ in first }
        httpSettings = http
    }

    /// Bounds this process before anything else happens in it: its memory, its end with its parent's, no core file; and
    /// signals to the whole group (Ctrl-C) are its parent's business.
    ///
    /// - Parameter memoryBytes: of data, stacks included.
    package static func prepareProcess(memoryBytes: UInt64) {
        signal(SIGINT, SIG_IGN)
        signal(SIGTERM, SIG_IGN)
        tessera_bound_process(memoryBytes)
    }

    /// Does not return: the process ends with its parent's end of the socket.
    package func run() async throws {
        let http = try HTTPClient(loop: loop, settings: httpSettings)
        let calls = CellCalls(providers: providers, http: http)
        self.calls = calls
        batchCalls = BatchCalls(http: http, silence: calls.silence) { [loop] name, result in
            loop.execute { self.assumeIsolated { $0.batchCalls?.checked(name, result) } }
        }
        socket = FrameSocket(STDIN_FILENO, on: loop) { frame in
            if let request = WireChildRequest(frame: frame) { self.take(request) }
        } closed: {
            _exit(0)
        }
        send(WireChildAnswer())
        // For ever: an event loop does not end by itself.
        await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
    }

    private func take(_ request: WireChildRequest) {
        switch request.kind {
        case .spec(let spec):
            // As many as a worker keeps.
            if columns.count >= SpecShelf<Void>.most { columns = [:] }
            if let hash = SpecHash(request.hash) { columns[hash] = (try? CompiledColumn(spec)) ?? nil }
        case .call(let call): start(call)
        case .cancel(let number):
            calls?.cancel(CellID(serial: number))
            batchCalls?.cancel(CellID(serial: number))
        case nil: break
        }
    }

    private func start(_ call: WireChildCall) {
        guard let hash = SpecHash(call.spec), let column = columns[hash] else {
            // What is put away here is not sent again: the cell goes back, and the next child is sent it.
            return send(WireChildAnswer(call.number, .noChild("no spec")))
        }
        if let batched = column.batched { return start(call, batched) }
        var ongoing = CellCall(
            cell: CellID(serial: call.number), place: .worker,
            route: Route(provider: call.provider, model: column.parameters.model), spec: hash, column: column,
            task: call.cell, conversation: nil)
        for file in call.files { ongoing.files[file.name] = [UInt8](file.body) }
        calls?.start(ongoing) { result in self.send(WireChildAnswer(call.number, result)) }
    }

    private func start(_ call: WireChildCall, _ column: BatchedColumn) {
        do throws(CallFailure) {
            let maker = try BatchCalls.maker(
                of: column, on: call.provider, provider: providers[call.provider], tool: call.program(for: column),
                toolTimeout: .milliseconds(Int64(clamping: call.tool.timeoutMilliseconds)))
            batchCalls?.start(
                CellID(serial: call.number), [call.cell.inputs], by: maker, retries: Int(call.retries)
            ) { results in
                self.send(WireChildAnswer(call.number, results.first ?? .cancelled))
            }
        } catch {
            send(WireChildAnswer(call.number, .failed(error)))
        }
    }

    private func send(_ answer: WireChildAnswer) {
        socket?.send(answer.frame)
    }
}

extension WireChildCall {
    fileprivate func program(for column: BatchedColumn) -> ToolProgram? {
        guard hasTool, case .lint(let lint) = column else { return nil }
        return ToolProgram(tool: lint.language.tool, path: tool.path, version: tool.version)
    }
}
