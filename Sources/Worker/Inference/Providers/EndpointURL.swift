/// An endpoint's URL in one form for all ways to write it: scheme and host in lower case, no default port, no slash at
/// the end of the path.
package struct EndpointURL: Hashable, Sendable, CustomStringConvertible {
    package let scheme: String
    /// Without the brackets of an IPv6 address.
    package let host: String
    /// Nil: the scheme's own.
    package let port: Int?
    /// Empty, or from its slash on.
    package let path: String
    /// With its question mark; empty without one.
    package let query: String

    /// Why a text cannot be an endpoint, to be put behind its name.
    package struct Invalid: Error, Hashable, Sendable {
        package let reason: String
    }

    package init(_ text: String) throws(Invalid) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Invalid(reason: "has a space or a character that a URL must encode")
        }
        guard !text.contains("#") else { throw Invalid(reason: "must have no fragment (#...)") }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        scheme = parts[0].lowercased()
        guard parts.count == 2, scheme == "http" || scheme == "https", parts[1].hasPrefix("//") else {
            throw Invalid(reason: "must begin with http:// or https://")
        }
        let rest = parts[1].dropFirst(2)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.contains("@") else {
            throw Invalid(reason: "must have no user or password: name an environment variable in api_key")
        }
        (host, port) = try Self.hostAndPort(authority, scheme)

        let tail = rest[authority.endIndex...]
        var path = tail.prefix { $0 != "?" }
        query = String(tail[path.endIndex...])
        while path.last == "/" { path.removeLast() }
        self.path = String(path)
    }

    /// The URL without its query, which is no part of what makes two endpoints the same.
    package var description: String {
        let shownHost = host.contains(":") ? "[\(host)]" : host
        return "\(scheme)://\(shownHost)\(port.map { ":\($0)" } ?? "")\(path)"
    }

    /// The URL of a route below the endpoint, such as `/chat/completions`.
    package func route(_ name: String) -> String { description + name + query }

    /// Whether every host has its own server behind this name: loopback, link-local, and names without a dot.
    package var isPerHost: Bool {
        if host.contains(":") {
            let mapped = host.hasPrefix("::ffff:") ? String(host.dropFirst(7)) : nil
            return host == "::1" || host == "::" || ["fe8", "fe9", "fea", "feb"].contains { host.hasPrefix($0) }
                || mapped.map(Self.isPerHost(address:)) ?? false
        }
        return !host.contains(".") || host.hasSuffix(".localhost") || Self.isPerHost(address: host)
    }

    /// For an IPv4 address: 127.0.0.0/8, 169.254.0.0/16, and 0.0.0.0.
    private static func isPerHost(address: String) -> Bool {
        let numbers = address.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard numbers.count == 4, !numbers.contains(nil) else { return false }
        return numbers[0] == 127 || (numbers[0] == 169 && numbers[1] == 254) || numbers.allSatisfy { $0 == 0 }
    }

    private static func hostAndPort(
        _ authority: Substring, _ scheme: String
    ) throws(Invalid) -> (host: String, port: Int?) {
        var host = authority
        var port: Substring?
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { throw Invalid(reason: "has a [ without its ]") }
            host = authority[authority.index(after: authority.startIndex)..<end]
            let tail = authority[authority.index(after: end)...]
            guard tail.isEmpty || tail.first == ":" else { throw Invalid(reason: "has no valid port") }
            port = tail.isEmpty ? nil : tail.dropFirst()
        } else if let colon = authority.lastIndex(of: ":") {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
        }
        if host.last == "." { host.removeLast() }
        guard !host.isEmpty, authority.first == "[" || !host.contains(":") else { throw Invalid(reason: "has no host") }
        guard let port, !port.isEmpty else { return (host.lowercased(), nil) }
        guard let number = UInt16(port), number > 0 else { throw Invalid(reason: "has no valid port") }
        let isDefault = number == (scheme == "https" ? 443 : 80)
        return (host.lowercased(), isDefault ? nil : Int(number))
    }
}
