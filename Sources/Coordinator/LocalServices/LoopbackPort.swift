import Glibc

/// TCP ports of 127.0.0.1.
package enum LoopbackPort {
    /// Ports that nobody listens on now, below the range from which the kernel takes ports for outgoing connections.
    ///
    /// A port in that range can be taken by any client while its server restarts, and a client that tries again and
    /// again may even connect to itself there.
    package static func free(_ count: Int) -> [Int] {
        let ephemeral =
            FileSystem.text("/proc/sys/net/ipv4/ip_local_port_range")
            .flatMap { $0.split(whereSeparator: \.isWhitespace).first }.flatMap { Int($0) } ?? 32_768
        let range = ephemeral > 15_000 ? 10_000..<ephemeral : 20_000..<32_768
        var ports: Set<Int> = []
        while ports.count < count {
            let port = Int.random(in: range)
            if isFree(port) { ports.insert(port) }
        }
        return Array(ports)
    }

    static func isFree(_ port: Int) -> Bool {
        withSocket(port) { fd, address in
            var reuse: Int32 = 1
            setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
            return bind(fd, address, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 && listen(fd, 1) == 0
        }
    }

    /// Whether an AMQP broker answers. Blocks for two seconds at most.
    static func hasBroker(_ port: Int) -> Bool {
        withSocket(port) { fd, address in
            var limit = timeval(tv_sec: 2, tv_usec: 0)
            setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
            guard connect(fd, address, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 else { return false }
            // The protocol header (AMQP 0-9-1, 4.2.2); a broker answers with a method frame, type 1.
            let header = Array("AMQP".utf8) + [0, 0, 9, 1]
            var answer: UInt8 = 0
            return send(fd, header, header.count, Int32(MSG_NOSIGNAL)) == header.count
                && recv(fd, &answer, 1, 0) == 1 && answer == 1
        }
    }

    private static func withSocket(_ port: Int, _ body: (Int32, UnsafePointer<sockaddr>) -> Bool) -> Bool {
        let fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard fd >= 0 else { return false }
        defer { close(fd) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body(fd, $0) }
        }
    }
}
