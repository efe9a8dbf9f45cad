import Glibc
import Processes

/// Finds the addresses of a host's name on a thread of its own, since the C library's resolver blocks.
enum HostLookup {
    /// Calls `completion` once, from another thread, with numeric addresses in the resolver's order.
    static func start(_ name: String, _ completion: @escaping @Sendable (Result<[String], PostgresError>) -> Void) {
        do throws(ProcessError) {
            try BackgroundThread.start { completion(addresses(of: name)) }
        } catch {
            completion(.failure(PostgresError(.connectionFailed, "cannot look up \"\(name)\": \(error)")))
        }
    }

    private static func addresses(of name: String) -> Result<[String], PostgresError> {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(name, nil, &hints, &list)
        guard status == 0 else {
            let words = String(cString: gai_strerror(status))
            return .failure(PostgresError(.connectionFailed, "could not look up host \"\(name)\": \(words)"))
        }
        defer { freeaddrinfo(list) }
        var found: [String] = []
        var entry = list
        while let address = entry {
            if let text = numeric(address.pointee), !found.contains(text) { found.append(text) }
            entry = address.pointee.ai_next
        }
        if found.isEmpty {
            return .failure(PostgresError(.connectionFailed, "host \"\(name)\" has no usable address"))
        }
        return .success(found)
    }

    private static func numeric(_ address: addrinfo) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST)) { buffer in
            guard let text = buffer.baseAddress,
                getnameinfo(
                    address.ai_addr, address.ai_addrlen, text, socklen_t(NI_MAXHOST), nil, 0, NI_NUMERICHOST) == 0
            else { return nil }
            return String(cString: text)
        }
    }
}
