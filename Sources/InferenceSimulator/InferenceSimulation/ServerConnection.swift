import EventLoop
import Glibc

/// One client's connection: reads requests, keeps their replies in order, writes what is ready.
final class ServerConnection {
    private let fd: Int32
    private let loop: EventLoop
    private let scratch: UnsafeMutableRawBufferPointer
    private let handle: (ParsedRequest, ServerConnection) -> Void
    private let refuse: (Int, StaticString) -> [UInt8]
    private let closed: (ServerConnection) -> Void

    private var parser: RequestParser
    private var input: [UInt8] = []
    private var offset = 0
    private var output: [UInt8] = []
    private var written = 0
    private var replies: [PendingReply] = []
    private var isClosed = false
    /// Nothing more is read; it closes when everything is written.
    private var isEnding = false
    private var isFlushing = false
    private var isLingering = false

    /// Above these, nothing more is read until the client has taken what it is owed.
    private static let mostReplies = 256
    private static let mostOutput = 1 << 20

    /// - Parameters:
    ///   - scratch: where bytes are received; shared by the connections of a loop.
    ///   - refuse: makes the reply to what is no request.
    ///   - closed: called once, at the end.
    init(
        fd: Int32, loop: EventLoop, scratch: UnsafeMutableRawBufferPointer, maximumBodyBytes: Int,
        handle: @escaping (ParsedRequest, ServerConnection) -> Void,
        refuse: @escaping (Int, StaticString) -> [UInt8], closed: @escaping (ServerConnection) -> Void
    ) {
        self.fd = fd
        self.loop = loop
        self.scratch = scratch
        self.handle = handle
        self.refuse = refuse
        self.closed = closed
        parser = RequestParser(maximumBodyBytes: maximumBodyBytes)
    }

    func open() {
        loop.watch(fd, for: .readable) { [self] readiness in ready(readiness) }
    }

    // MARK: Replies

    /// The place for the next reply. `flush` once it is ready.
    func hold() -> PendingReply {
        let reply = PendingReply()
        replies.append(reply)
        return reply
    }

    /// Writes what is ready, as far as the order of the requests and the socket allow, and takes the next requests.
    func flush() {
        guard !isClosed, !isFlushing else { return }
        isFlushing = true
        var wasFull: Bool
        repeat {
            moveReady()
            while mayTake, take() { moveReady() }
            // What the socket takes makes room for more.
            wasFull = !mayTake
            write()
        } while wasFull && mayTake
        isFlushing = false
        guard !isClosed else { return }
        dropTaken()
        var interest: EventLoop.Readiness = mayRead ? .readable : []
        if written < output.count { interest.insert(.writable) }
        loop.rewatch(fd, for: interest)
    }

    private func moveReady() {
        while !isClosed, let reply = replies.first, reply.isReady {
            replies.removeFirst()
            if output.isEmpty { swap(&output, &reply.bytes) } else { output.append(contentsOf: reply.bytes) }
            switch reply.ending {
            case .stays: break
            case .closes: endAfterOutput()
            case .resets: reset()
            }
        }
    }

    private func endAfterOutput() {
        isEnding = true
        let abandoned = replies
        replies = []
        for reply in abandoned { reply.abandoned?() }
    }

    private func write() {
        while !isClosed, written < output.count {
            let count = output.withUnsafeBytes { buffer in
                send(fd, buffer.baseAddress.map { $0 + written }, buffer.count - written, Int32(MSG_NOSIGNAL))
            }
            if count < 0 {
                if errno == EINTR { continue }
                if errno == EAGAIN { return }
                return close()
            }
            written += count
        }
        guard !isClosed else { return }
        output.removeAll(keepingCapacity: output.capacity <= 1 << 16)
        written = 0
        if isEnding { linger() }
    }

    private var mayTake: Bool {
        !isClosed && !isEnding && replies.count < Self.mostReplies && output.count - written < Self.mostOutput
    }

    private var mayRead: Bool { isLingering || mayTake }

    // MARK: Requests

    private func ready(_ readiness: EventLoop.Readiness) {
        if !readiness.isDisjoint(with: .hangup) { return close() }
        if readiness.contains(.readable) { read() }
        if readiness.contains(.writable) { flush() }
    }

    private func read() {
        while !isClosed, mayRead {
            let count = recv(fd, scratch.baseAddress, scratch.count, 0)
            if count < 0 {
                if errno == EINTR { continue }
                return errno == EAGAIN ? () : close()
            }
            // The client is done; as with vLLM, its calls are given up even if it closed its half only.
            if count == 0 { return close() }
            if !isEnding {
                input.append(contentsOf: UnsafeRawBufferPointer(rebasing: scratch[..<count]))
                flush()
            }
            if count < scratch.count { return }
        }
    }

    private func dropTaken() {
        if offset == input.count {
            input.removeAll(keepingCapacity: input.capacity <= 1 << 16)
            offset = 0
        } else if offset > 1 << 16 {
            input.removeSubrange(..<offset)
            offset = 0
        }
    }

    /// Takes one request from what came; false when there is no whole one.
    private func take() -> Bool {
        if offset == input.count { return false }
        switch parser.next(input, &offset) {
        case .incomplete:
            return false
        case .awaitsContinue:
            // Out of order after replies that are not ready yet: a client that pipelines and waits for this is not known.
            output.append("HTTP/1.1 100 Continue\r\n\r\n")
            return false
        case .request(let request):
            handle(request, self)
            return true
        case .invalid(let status, let reason):
            let reply = hold()
            reply.bytes = refuse(status, reason)
            reply.ending = .closes
            reply.isReady = true
            offset = input.count
            return true
        }
    }

    // MARK: The end

    /// Closes this half and reads on until the client closes its own: a close with bytes unread would be a reset, and
    /// could take the last reply with it.
    private func linger() {
        guard !isLingering else { return }
        isLingering = true
        shutdown(fd, Int32(SHUT_WR))
        loop.schedule(after: .seconds(1)) { [weak self] in self?.close() }
    }

    private func reset() {
        var option = Glibc.linger(l_onoff: 1, l_linger: 0)
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    /// Gives up what is not answered. A second call does nothing.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        loop.unwatch(fd)
        Glibc.close(fd)
        let abandoned = replies
        replies = []
        for reply in abandoned where !reply.isReady { reply.abandoned?() }
        closed(self)
    }
}
