import EventLoop
import Glibc

/// A listening TCP socket.
struct Listener {
    let fd: Int32
    let port: Int

    /// - Throws: `.cannotListen`.
    init(host: String, port: Int) throws(SimulatorError) {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var addresses: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, "\(port)", &hints, &addresses)
        guard status == 0, let address = addresses else {
            throw SimulatorError(code: .cannotListen, detail: "\(host): \(String(cString: gai_strerror(status)))")
        }
        defer { freeaddrinfo(addresses) }

        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        fd = socket(address.pointee.ai_family, kind, 0)
        var on: Int32 = 1
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        // A burst of thousands of clients must not meet a full backlog.
        guard fd >= 0, bind(fd, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0, listen(fd, 4096) == 0,
            let bound = Self.port(of: fd)
        else {
            let reason = String(cString: strerror(errno))
            if fd >= 0 { close(fd) }
            throw SimulatorError(code: .cannotListen, detail: "\(host) port \(port): \(reason)")
        }
        self.port = bound
    }

    private static func port(of fd: Int32) -> Int? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutableBytes(of: &storage) { bytes in
            guard let address = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                getsockname(fd, address, &length) == 0
            else { return nil }
            // The port is at the same place for IPv4 and IPv6.
            return Int(bytes[2]) << 8 | Int(bytes[3])
        }
    }

    enum Accepted {
        case connection(Int32)
        case noneLeft
        /// No descriptors left: to be tried again a moment later.
        case exhausted
    }

    func accept() -> Accepted {
        while true {
            let connection = Glibc.accept(fd, nil, nil)
            if connection >= 0 {
                _ = fcntl(connection, F_SETFL, O_NONBLOCK)
                _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                var on: Int32 = 1
                setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
                return .connection(connection)
            }
            switch errno {
            case EINTR, ECONNABORTED: continue
            case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .exhausted
            default: return .noneLeft
            }
        }
    }
}
