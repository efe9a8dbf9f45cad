/// Why a request got no reply.
///
/// A reply with an error status is not an error: it is an `HTTPResponse`.
package struct HTTPError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, in the words of the caller's decisions. May grow.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        package let description: String
        private init(_ description: String) { self.description = description }

        /// No connection could be made, or not within the connect timeout: refused, unreachable, unknown host.
        /// Nothing was sent.
        package static let connectionFailed = Code("connection_failed")
        /// The TLS handshake failed: an unknown issuer, another host's certificate, no common version.
        package static let tlsFailed = Code("tls_failed")
        /// The request's own time was over before its reply was complete; it was sent.
        package static let timedOut = Code("timed_out")
        /// The connection ended before the reply did: reset, closed without a reply or in the middle of one.
        package static let connectionClosed = Code("connection_closed")
        /// What came is not HTTP.
        package static let malformedReply = Code("malformed_reply")
        /// The reply's body is larger than the request allows; the rest was not read.
        package static let bodyTooLarge = Code("body_too_large")
        /// `cancel` or `shutdown` ended it.
        package static let cancelled = Code("cancelled")
        /// The URL cannot be used: not a URL, or neither http nor https.
        package static let invalidURL = Code("invalid_url")
        /// A header cannot be sent: a line break, NUL, or no name.
        package static let invalidHeader = Code("invalid_header")
        /// Anything else: see `detail`.
        package static let other = Code("other")
    }

    package let code: Code
    /// What libcurl says about it, for people. It may name the host, never a header or a body.
    package let detail: String
    /// libcurl's `CURLcode`; 0 where the error is not libcurl's.
    package let curlCode: Int

    package init(code: Code, detail: String, curlCode: Int = 0) {
        self.code = code
        self.detail = detail
        self.curlCode = curlCode
    }

    package var description: String {
        curlCode == 0 ? "\(code): \(detail)" : "\(code): \(detail) (curl \(curlCode))"
    }

    /// Whether the same request may well pass a moment later.
    package var isRetryable: Bool {
        switch code {
        case .connectionFailed, .timedOut, .connectionClosed, .malformedReply: true
        default: false
        }
    }
}
