import Foundation
import Glibc

/// A TCP proxy on a port of its own that can cut the connections through it, or let nothing pass for a while.
package final class FaultProxy: @unchecked Sendable {
    // SAFETY: `lock` guards `sockets`, `isStalled` and `isClosed`; the rest is constant.
    private let lock = NSCondition()
    private var sockets: Set<Int32> = []
    private var isStalled = false
    private var isClosed = false
    private let listener: Int32
    private let target: UInt16
    package let port: Int

    /// Forwards to `target` on 127.0.0.1.
    package init(to target: Int) throws {
        self.target = UInt16(target)
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        self.listener = listener
        var address = Self.loopback(0)
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 && listen(listener, 64) == 0
            }
        }
        guard isBound else { throw NeverHappened("a proxy that listens") }
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &length) }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { self.serve() }
    }

    /// Ends every connection through it; new ones may come at once.
    package func cut() {
        lock.withLock { for socket in sockets { shutdown(socket, Int32(SHUT_RDWR)) } }
    }

    /// Nothing passes, in either direction, and nobody is told.
    package func stall() { lock.withLock { isStalled = true } }

    package func flow() {
        lock.withLock {
            isStalled = false
            lock.broadcast()
        }
    }

    package func close() {
        lock.withLock { isClosed = true }
        shutdown(listener, Int32(SHUT_RDWR))
        flow()
        cut()
    }

    private func serve() {
        while true {
            let client = accept(listener, nil, nil)
            if client < 0 {
                if lock.withLock({ isClosed }) {
                    Glibc.close(listener)
                    return
                }
                continue
            }
            _ = fcntl(client, F_SETFD, FD_CLOEXEC)
            let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            var address = Self.loopback(target)
            let isConnected = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            guard isConnected else {
                Glibc.close(client)
                Glibc.close(server)
                continue
            }
            let pair = Pair()
            lock.withLock { sockets.formUnion([client, server]) }
            Thread.detachNewThread { self.forward(client, to: server, pair) }
            Thread.detachNewThread { self.forward(server, to: client, pair) }
        }
    }

    private func forward(_ from: Int32, to: Int32, _ pair: Pair) {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = recv(from, &buffer, buffer.count, 0)
            lock.lock()
            while isStalled { lock.wait() }
            lock.unlock()
            guard count > 0 else { break }
            var sent = 0
            while sent < count {
                let written = buffer[sent..<count].withUnsafeBytes {
                    send(to, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard written > 0 else { break }
                sent += written
            }
            guard sent == count else { break }
        }
        lock.withLock {
            for socket in [from, to] where sockets.contains(socket) { shutdown(socket, Int32(SHUT_RDWR)) }
            pair.ended += 1
            guard pair.ended == 2 else { return }
            for socket in [from, to] {
                sockets.remove(socket)
                Glibc.close(socket)
            }
        }
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }

    private final class Pair: @unchecked Sendable {
        // SAFETY: `ended` is touched under the proxy's lock only.
        var ended = 0
    }
}
