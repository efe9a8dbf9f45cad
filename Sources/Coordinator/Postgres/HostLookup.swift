import Glibc

/// Finds the addresses of a host's name on a thread of its own, since the C library's resolver blocks.
enum HostLookup {
    private final class Request: Sendable {
        let name: String
        let completion: @Sendable (Result<[String], PostgresError>) -> Void

        init(name: String, completion: @escaping @Sendable (Result<[String], PostgresError>) -> Void) {
            self.name = name
            self.completion = completion
        }
    }

    /// Calls `completion` once, from another thread, with numeric addresses in the resolver's order.
    static func start(_ name: String, _ completion: @escaping @Sendable (Result<[String], PostgresError>) -> Void) {
        let request = Unmanaged.passRetained(Request(name: name, completion: completion)).toOpaque()
        if spawn(request) { return }
        Unmanaged<Request>.fromOpaque(request).release()
        completion(.failure(PostgresError(.connectionFailed, "no thread to look up \"\(name)\"")))
    }

    private static func spawn(_ request: UnsafeMutableRawPointer) -> Bool {
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { @Sendable argument in
                guard let argument else { return nil }
                HostLookup.answer(Unmanaged<Request>.fromOpaque(argument).takeRetainedValue())
                return nil
            }, request)
        if status == 0 { pthread_detach(thread) }
        return status == 0
    }

    private static func answer(_ request: Request) { request.completion(addresses(of: request.name)) }

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
