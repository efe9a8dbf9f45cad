import FlyingFox
import FlyingSocks

/// Where to listen: `127.0.0.1:9465`, `[::1]:9465`, `localhost:9465`.
struct MonitoringAddress: Hashable, Sendable {
    let host: String
    let port: UInt16

    init(_ text: String) throws(MonitoringError) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw MonitoringError("listen: \(text) is not HOST:PORT, such as 127.0.0.1:9465")
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        self.host = host == "localhost" ? "127.0.0.1" : host
        self.port = port
    }

    var configuration: HTTPServer.Configuration {
        get throws(MonitoringError) {
            do {
                if host.contains(":") {
                    return HTTPServer.Configuration(address: try .inet6(ip6: host, port: port), logger: .disabled)
                }
                return HTTPServer.Configuration(address: try .inet(ip4: host, port: port), logger: .disabled)
            } catch {
                throw MonitoringError("listen: \(host) is no address of an interface; 0.0.0.0 means all")
            }
        }
    }
}
