import Foundation
import Glibc

/// A TCP server that does to each connection what a test wants, on a thread of its own.
final class RawServer: @unchecked Sendable {
    let port: Int
    // SAFETY: `lock` guards `count` and `isStopped`; the descriptor is written once.
    private let lock = NSLock()
    private var count = 0
    private var isStopped = false
    private let fd: Int32

    var url: String { "http://127.0.0.1:\(port)/" }

    /// How many connections were accepted.
    var connections: Int { lock.withLock { count } }

    /// - Parameter script: called with each connection and its number from 1; the connection closes after it.
    init(backlog: Int32 = 128, accepts: Bool = true, _ script: @escaping @Sendable (RawConnection, Int) -> Void) {
        let fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                precondition(bind(fd, pointer, length) == 0 && getsockname(fd, pointer, &length) == 0)
            }
        }
        listen(fd, backlog)
        self.fd = fd
        port = Int(UInt16(bigEndian: address.sin_port))
        if accepts { Thread.detachNewThread { self.accept(script) } }
    }

    deinit { close(fd) }

    private func accept(_ script: @escaping @Sendable (RawConnection, Int) -> Void) {
        while true {
            let connection = Glibc.accept(fd, nil, nil)
            let number = lock.withLock {
                count += 1
                return isStopped || connection < 0 ? 0 : count
            }
            if number == 0 { return }
            Thread.detachNewThread {
                let raw = RawConnection(fd: connection)
                script(raw, number)
                raw.close()
            }
        }
    }

    /// Ends the accepting thread, and with it its hold on the server.
    func stop() {
        lock.withLock { isStopped = true }
        shutdown(fd, Int32(SHUT_RDWR))
    }
}

func loopback(port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return address
}

/// One connection of a `RawServer`; blocking.
final class RawConnection: @unchecked Sendable {
    // SAFETY: used by the one thread of its script.
    private let fd: Int32
    private var isClosed = false

    init(fd: Int32) { self.fd = fd }

    /// The next request's head and body, as text; nil when the client is gone.
    func readRequest() -> (head: String, body: String)? {
        var bytes: [UInt8] = []
        while true {
            if let text = String(bytes: bytes, encoding: .utf8), let end = text.range(of: "\r\n\r\n") {
                let head = String(text[..<end.upperBound])
                let body = String(text[end.upperBound...])
                let line = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
                let length = line.flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
                if body.utf8.count >= length { return (head, body) }
            }
            guard let more = read() else { return nil }
            bytes += more
        }
    }

    private func read() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(fd, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    /// False when the client is gone.
    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(fd, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            sent += count
        }
        return true
    }

    /// Waits until the client closes.
    func awaitEnd() { while read() != nil {} }

    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        Glibc.close(fd)
    }
}

/// A reply with that body.
func reply(_ body: String, status: String = "200 OK", headers: String = "") -> String {
    "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)"
}
