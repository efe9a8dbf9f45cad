import Glibc

/// A socket of loopback that listens and is never read from.
final class SilentServer {
    let port: UInt16
    private let descriptor: Int32

    struct CannotListen: Error {}

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) == 0 && getsockname(descriptor, pointer, &length) == 0
            }
        }
        guard isBound, listen(descriptor, 16) == 0 else { throw CannotListen() }
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(descriptor) }
}
