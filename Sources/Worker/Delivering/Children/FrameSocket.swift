import EventLoop
import Glibc

/// Messages over a stream socket: each behind its length, four bytes, big endian.
///
/// On its loop's thread only. Nothing waits: what cannot be sent yet is kept, which is bounded by the calls under way.
final class FrameSocket {
    /// Far above what a call or an answer may have.
    private static let longestFrame = 256 << 20

    private let fd: Int32
    private let loop: EventLoop
    private let received: ([UInt8]) -> Void
    private let closed: () -> Void
    private var input: [UInt8] = []
    private var output: [UInt8] = []
    private var sent = 0
    private var isOpen = true

    /// Owns `fd`, and reads from it from now on.
    ///
    /// - Parameter closed: called once, when the other end is gone or says what cannot be; the descriptor is closed.
    init(
        _ fd: Int32, on loop: EventLoop, received: @escaping ([UInt8]) -> Void, closed: @escaping () -> Void
    ) {
        self.fd = fd
        self.loop = loop
        self.received = received
        self.closed = closed
        _ = fcntl(fd, F_SETFL, O_NONBLOCK)
        loop.watch(fd, for: .readable) { [weak self] in self?.isReady($0) }
    }

    func send(_ frame: [UInt8]) {
        guard isOpen else { return }
        let count = UInt32(frame.count)
        for shift in [24, 16, 8, 0] { output.append(UInt8(truncatingIfNeeded: count >> UInt32(shift))) }
        output += frame
        flush()
    }

    /// Closes it without `closed` being called. A second call does nothing.
    func close() {
        guard isOpen else { return }
        isOpen = false
        loop.unwatch(fd)
        Glibc.close(fd)
    }

    private func isReady(_ readiness: EventLoop.Readiness) {
        if readiness.contains(.writable) { flush() }
        if isOpen, !readiness.isDisjoint(with: [.readable, .hangup]) { read() }
    }

    private func read() {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while isOpen {
            let count = buffer.withUnsafeMutableBytes { recv(fd, $0.baseAddress, $0.count, 0) }
            if count > 0 {
                input += buffer[..<count]
                continue
            }
            if count < 0, errno == EINTR { continue }
            let isOver = count == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)
            takeFrames()
            if isOver { end() }
            return
        }
    }

    private func takeFrames() {
        var start = 0
        while isOpen, input.count - start >= 4 {
            let length = input[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
            guard length <= Self.longestFrame else { return end() }
            guard input.count - start - 4 >= length else { break }
            let frame = Array(input[start + 4..<start + 4 + length])
            start += 4 + length
            received(frame)
        }
        input.removeFirst(start)
    }

    private func flush() {
        while isOpen, sent < output.count {
            let count = output[sent...].withUnsafeBytes {
                Glibc.send(fd, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                sent += count
                continue
            }
            if count < 0, errno == EINTR { continue }
            // Whatever else it is, reading finds it, too.
            break
        }
        if sent == output.count {
            output.removeAll(keepingCapacity: output.count < 1 << 20)
            sent = 0
        }
        if isOpen { loop.rewatch(fd, for: output.isEmpty ? .readable : [.readable, .writable]) }
    }

    private func end() {
        guard isOpen else { return }
        close()
        closed()
    }
}
