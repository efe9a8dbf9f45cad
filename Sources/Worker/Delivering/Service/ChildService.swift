import CLinux
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
        calls = CellCalls(providers: providers, http: try HTTPClient(loop: loop, settings: httpSettings))
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
        case .cancel(let number): calls?.cancel(CellID(serial: number))
        case nil: break
        }
    }

    private func start(_ call: WireChildCall) {
        guard let hash = SpecHash(call.spec), let column = columns[hash] else {
            // What is put away here is not sent again: the cell goes back, and the next child is sent it.
            return send(WireChildAnswer(call.number, .noChild("no spec")))
        }
        var ongoing = CellCall(
            cell: CellID(serial: call.number), place: .worker,
            route: Route(provider: call.provider, model: column.parameters.model), spec: hash, column: column,
            task: call.cell, conversation: nil)
        for file in call.files { ongoing.files[file.name] = [UInt8](file.body) }
        calls?.start(ongoing) { result in self.send(WireChildAnswer(call.number, result)) }
    }

    private func send(_ answer: WireChildAnswer) {
        socket?.send(answer.frame)
    }
}
