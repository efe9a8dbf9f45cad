/// A complete reply, of any status. Redirects are replies too: they are not followed.
package struct HTTPResponse: Sendable {
    /// Where the time went. What did not happen (a connect, on a connection that was kept) counts as zero.
    package struct Timing: Sendable {
        /// Name lookup, TCP and TLS; zero on a connection that was kept.
        package var connected: Duration
        /// From `start` until the reply's first byte.
        package var firstByte: Duration
    }

    package var status: Int
    package var headers: HTTPResponseHeaders
    package var body: [UInt8]
    /// From `start` to the reply's last byte.
    package var duration: Duration
    package var timing: Timing
    /// Whether the request went over a connection that an earlier one had opened.
    package var reusedConnection: Bool
}
