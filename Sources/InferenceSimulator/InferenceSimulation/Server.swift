import EventLoop
import Glibc

/// Accepts connections on the loop and keeps them until they end.
final class Server {
    let service: ModelService
    private let loop: EventLoop
    private let listener: Listener
    private let router: Router
    private let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    private var connections: [ObjectIdentifier: ServerConnection] = [:]
    private var isStopped = false

    init(listener: Listener, settings: SimulatorSettings, loop: EventLoop) {
        self.listener = listener
        self.loop = loop
        service = ModelService(settings: settings, loop: loop)
        router = Router(service: service)
    }

    deinit { scratch.deallocate() }

    func start() {
        loop.watch(listener.fd, for: .readable) { [self] _ in accept() }
    }

    /// Closes every connection, and stops listening.
    func stop() {
        guard !isStopped else { return }
        isStopped = true
        loop.unwatch(listener.fd)
        close(listener.fd)
        for connection in connections.values { connection.close() }
    }

    private func accept() {
        while true {
            switch listener.accept() {
            case .noneLeft: return
            case .exhausted:
                // The socket stays readable: waiting a moment is better than spinning.
                loop.unwatch(listener.fd)
                loop.schedule(after: .milliseconds(50)) { [self] in
                    if !isStopped { start() }
                }
                return
            case .connection(let fd): open(fd)
            }
        }
    }

    private func open(_ fd: Int32) {
        let connection = ServerConnection(
            fd: fd, loop: loop, scratch: scratch, maximumBodyBytes: service.settings.maximumBodyBytes,
            handle: { [router] request, connection in router.handle(request, on: connection) },
            refuse: { [router] status, reason in router.refuse(status, reason) },
            closed: { [unowned self] connection in
                connections[ObjectIdentifier(connection)] = nil
                service.connectionClosed()
            })
        connections[ObjectIdentifier(connection)] = connection
        service.connectionOpened()
        connection.open()
    }
}
