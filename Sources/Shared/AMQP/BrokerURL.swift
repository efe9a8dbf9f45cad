import Glibc

/// Where a broker is and as whom to log in: `amqp://user:password@host:port/vhost`.
///
/// Only the host must be given. Defaults: user and password `guest`, port 5672 (`amqps`: 5671), virtual host `/`.
/// User, password and virtual host are percent-decoded, so that the virtual host `/` may be written `%2F`.
/// Descriptions never show the password.
package struct BrokerURL: Hashable, Sendable {
    package let usesTLS: Bool
    package let user: String
    let password: String
    package let host: String
    package let port: Int
    package let virtualHost: String
    /// From `?cacertfile=PATH`: the certificates to trust, in PEM.
    package let certificateAuthorityFile: String?

    /// - Throws: `.invalidURL`, with what is wrong and without the password.
    package init(_ text: String) throws(AMQPError) {
        guard let schemeEnd = text.firstRange(of: "://") else {
            throw Self.invalid("it must look like amqp://user:password@host:port/vhost")
        }
        switch text[..<schemeEnd.lowerBound].lowercased() {
        case "amqp": usesTLS = false
        case "amqps": usesTLS = true
        default: throw Self.invalid("it must begin with amqp:// or amqps://")
        }
        var rest = text[schemeEnd.upperBound...]
        guard !rest.contains("#") else { throw Self.invalid("a '#' must be written %23") }

        var query: Substring = ""
        if let mark = rest.firstIndex(of: "?") {
            query = rest[rest.index(after: mark)...]
            rest = rest[..<mark]
        }
        certificateAuthorityFile = try Self.parseQuery(query)

        var path: Substring = ""
        if let slash = rest.firstIndex(of: "/") {
            path = rest[rest.index(after: slash)...]
            rest = rest[..<slash]
        }
        guard !path.contains("/") else {
            throw Self.invalid("a '/' in the virtual host must be written %2F")
        }
        virtualHost = path.isEmpty ? "/" : try Self.decode(path, "virtual host")

        if let at = rest.lastIndex(of: "@") {
            let login = rest[..<at]
            rest = rest[rest.index(after: at)...]
            let colon = login.firstIndex(of: ":")
            user = try Self.decode(login[..<(colon ?? login.endIndex)], "user")
            password =
                try colon.map { (colon) throws(AMQPError) in
                    try Self.decode(login[login.index(after: colon)...], "password")
                } ?? ""
        } else {
            (user, password) = ("guest", "guest")
        }
        (host, port) = try Self.parseAddress(rest, defaultPort: usesTLS ? 5671 : 5672)
    }

    private static func parseAddress(_ text: Substring, defaultPort: Int) throws(AMQPError) -> (String, Int) {
        var host = text
        var portText: Substring?
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { throw invalid("the ']' after the address is missing") }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" else { throw invalid("only a port may follow the ']'") }
            portText = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            portText = text[text.index(after: colon)...]
        }
        guard !host.isEmpty else { throw invalid("the host is missing") }
        guard let portText else { return (String(host), defaultPort) }
        guard let port = Int(portText), (1...65535).contains(port), portText.allSatisfy(\.isNumber) else {
            // A password with an unencoded '@' or '/' ends up here: the text is not repeated.
            throw invalid("the port must be a number from 1 to 65535 (in a password, write '@' as %40, '/' as %2F)")
        }
        return (String(host), port)
    }

    private static func parseQuery(_ query: Substring) throws(AMQPError) -> String? {
        var file: String?
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.first == "cacertfile", parts.count == 2, !parts[1].isEmpty else {
                throw invalid("after '?' only cacertfile=PATH is known")
            }
            file = try decode(parts[1], "cacertfile")
        }
        return file
    }

    private static func decode(_ text: Substring, _ part: String) throws(AMQPError) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, digits.allSatisfy({ isxdigit(Int32($0)) != 0 }),
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            else { throw invalid("in the \(part), '%' must be followed by two hexadecimal digits (write '%' as %25)") }
            rest = rest.dropFirst(2)
            bytes.append(value)
        }
        guard !bytes.contains(0), let decoded = String(validating: bytes, as: UTF8.self) else {
            throw invalid("the \(part) must be UTF-8 text without a zero byte")
        }
        return decoded
    }

    private static func invalid(_ detail: String) -> AMQPError {
        AMQPError(.invalidURL, "read the broker URL", detail)
    }
}

extension BrokerURL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String {
        let address = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        let scheme = usesTLS ? "amqps" : "amqp"
        return "\(scheme)://\(user)@\(address)\(virtualHost == "/" ? "" : "/\(virtualHost)")"
    }

    package var debugDescription: String { description }

    // Without it, `dump` and string interpolation of an enclosing value would print the stored password.
    package var customMirror: Mirror { Mirror(self, children: ["url": description]) }
}
