extension HTTPClient {
    /// What all requests of a client have in common.
    package struct Settings: Sendable {
        package enum Proxy: Sendable {
            /// None, whatever the environment says.
            case none
            /// As libcurl reads it: `http://host:port`, `socks5h://host:port`.
            case url(String)
            /// `http_proxy`, `https_proxy`, `no_proxy`.
            case environment
        }

        /// For name lookup, TCP and TLS together.
        package var connectTimeout: Duration = .seconds(5)
        /// A connection that was idle for longer is not used again (whole seconds), and is closed when its lane was
        /// idle that long.
        package var idleConnectionLifetime: Duration = .seconds(60)
        /// Kept connections, in use and idle, of each lane.
        package var maximumConnections = 8192
        /// Easy handles (about 6 KB each) that each lane keeps for the next requests.
        package var maximumIdleHandles = 128
        /// Offers HTTP/2 to https endpoints, and waits for a connection that can be shared rather than opening one.
        package var allowsHTTP2 = false
        /// A PEM file with the certificate authorities to trust instead of the system's.
        package var certificateAuthorities: String?
        package var proxy = Proxy.none
        package var userAgent = "tessera"
        /// Names in lower case: which headers an `HTTPResponse` has.
        package var keptResponseHeaders = ["retry-after", "retry-after-ms", "date", "content-type"]

        package init() {}
    }
}
