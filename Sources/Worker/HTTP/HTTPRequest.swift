/// One request, complete with its limits.
package struct HTTPRequest: Sendable {
    package enum Method: Sendable {
        case get
        case post
    }

    package var method: Method
    /// http or https, with percent-encoding where needed.
    package var url: String
    /// Shared by all requests of an endpoint; nil sends none but the client's own. A POST should have a Content-Type
    /// here: without one libcurl says that the body is a form.
    package var headers: HTTPHeaders?
    /// Sent with a POST, with its Content-Length.
    package var body: [UInt8]
    /// For the whole of it, from `start` to the last byte of the reply; at least a millisecond.
    package var timeout: Duration
    /// A larger body ends the request with `.bodyTooLarge`.
    package var maximumResponseBytes: Int

    package init(
        method: Method = .post, url: String, headers: HTTPHeaders? = nil, body: [UInt8] = [],
        timeout: Duration = .seconds(60), maximumResponseBytes: Int = 8 << 20
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.maximumResponseBytes = maximumResponseBytes
    }
}

/// Names one request of one client; never used again for another.
package struct HTTPRequestID: Hashable, Sendable {
    let number: UInt64
}
