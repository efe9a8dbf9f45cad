import EventLoop
import FoundationEssentials
import Generation
import Glibc
import Messages
import Processes

/// A child process of this worker, as its parent sees it.
///
/// On its loop's thread only. The child lives as long as its socket, which is its stdin and stdout.
final class ChildProcess {
    /// Specs it was sent.
    private var specs: Set<SpecHash> = []
    private let pid: pid_t
    private var socket: FrameSocket?
    private var ended: ((String) -> Void)?

    /// Starts `command`, with this process's stderr and no other descriptor of it.
    ///
    /// - Parameters:
    ///   - answered: its answers.
    ///   - ended: called once, when it is gone, with how it ended.
    /// - Throws: then `ended` is not called.
    init(
        _ command: [String], environment: [String: String], on loop: EventLoop,
        answered: @escaping (WireChildAnswer) -> Void, ended: @escaping (String) -> Void
    ) throws(ProcessError) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw ProcessError(.cannotStart, "no socket pair", errno)
        }
        defer { Glibc.close(ends[1]) }
        var spawn = ProcessSpawn(
            command, environment: environment.map { "\($0.key)=\($0.value)" }, input: .descriptor(ends[1]),
            output: .descriptor(ends[1]), errors: .descriptor(STDERR_FILENO))
        // It stays in our group: a shell that ends or stops that means all of us.
        spawn.leadsSession = false
        do throws(ProcessError) {
            pid = try spawn.start()
        } catch {
            Glibc.close(ends[0])
            throw error
        }
        self.ended = ended
        socket = FrameSocket(ends[0], on: loop) { [weak self] frame in
            guard let answer = WireChildAnswer(frame: frame) else {
                self?.kill()
                return
            }
            answered(answer)
        } closed: { [weak self] in
            self?.reap()
        }
    }

    deinit { discard() }

    /// - Parameters:
    ///   - provider: whose endpoint is called, if one is.
    ///   - tool: what makes the column, if one does.
    func call(_ call: CellCall, provider: String, tool: WireChildTool?) {
        if !specs.contains(call.spec) {
            // In step with the child, which puts all away when it has so many.
            if specs.count >= SpecShelf<Void>.most { specs = [] }
            specs.insert(call.spec)
            send {
                $0.hash = Data(call.spec.bytes)
                $0.spec = call.column.spec
            }
        }
        send {
            $0.call = filled(WireChildCall()) {
                $0.number = call.cell.serial
                $0.provider = provider
                $0.spec = Data(call.spec.bytes)
                $0.cell = call.task
                $0.retries = UInt32(clamping: call.retries)
                if let tool { $0.tool = tool }
                $0.files = call.files.sorted { $0.key < $1.key }.map { name, bytes in
                    filled(WireMadeFile()) {
                        $0.name = name
                        $0.body = Data(bytes)
                    }
                }
            }
        }
    }

    func cancel(_ cell: CellID) { send { $0.cancel = cell.serial } }

    /// Ends it; `ended` is called when it is gone.
    func kill() { Glibc.kill(pid, SIGKILL) }

    /// Ends it now; `ended` is not called.
    func discard() {
        guard ended != nil else { return }
        ended = { _ in }
        reap()
    }

    private func send(_ fill: (inout WireChildRequest) -> Void) {
        socket?.send(filled(WireChildRequest(), fill).frame)
    }

    /// Its end of the socket is closed: it has ended, or does nothing of use any more.
    private func reap() {
        guard let ended else { return }
        self.ended = nil
        socket?.close()
        socket = nil
        Glibc.kill(pid, SIGKILL)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7f
        ended(signal == 0 ? "ended with exit code \(status >> 8 & 0xff)" : "ended by signal \(signal)")
    }
}
