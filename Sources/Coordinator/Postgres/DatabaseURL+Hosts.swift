extension DatabaseURL {
    /// One server that may be tried. `address` is numeric, so that libpq need not look it up, which would block.
    struct Host: Hashable, Sendable {
        var name: String?
        var address: String?
        var port: String?

        /// True where the name has to be looked up first: it is neither a socket's folder nor given with its address.
        var needsLookup: Bool {
            guard address == nil, let name, let first = name.first else { return false }
            return first != "/" && first != "@"
        }
    }

    /// The servers of the URL, to be tried in this order; empty where libpq's own defaults say.
    ///
    /// - Throws: `.invalidURL` when hosts, addresses and ports do not match in number.
    var hosts: [Host] {
        get throws(PostgresError) {
            let names = list("host")
            let addresses = list("hostaddr")
            let ports = list("port")
            let count = max(names.count, addresses.count)
            if count == 0 { return [] }
            guard names.isEmpty || addresses.isEmpty || names.count == addresses.count,
                ports.count <= 1 || ports.count == count
            else {
                throw PostgresError(
                    .invalidURL,
                    "the database URL has \(names.count) hosts, \(addresses.count) addresses and \(ports.count) ports")
            }
            return (0..<count).map { index in
                Host(
                    name: names.isEmpty ? nil : names[index], address: addresses.isEmpty ? nil : addresses[index],
                    port: ports.isEmpty ? nil : ports[ports.count == 1 ? 0 : index])
            }
        }
    }

    /// Nil for an entry that is left empty: libpq's default.
    private func list(_ keyword: String) -> [String?] {
        guard let text = self[keyword], !text.isEmpty else { return [] }
        return text.split(separator: ",", omittingEmptySubsequences: false).map { $0.isEmpty ? nil : String($0) }
    }
}
