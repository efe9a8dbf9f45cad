import CCurl
import Glibc

/// One libcurl easy handle and what it is carrying now; used for one request after another.
///
/// What all requests of a client have in common is set once, when the handle is made: `curl_easy_reset` and setting it
/// anew for every request would cost more than the rest of `prepare`.
final class HTTPTransfer {
    let easy: UnsafeMutableRawPointer
    unowned let lane: HTTPLane
    private(set) var id = HTTPRequestID(number: 0)
    private(set) var completion: HTTPClient.Completion?

    private let errorText: UnsafeMutablePointer<CChar>
    private var headers: HTTPHeaders?
    private var body: [UInt8] = []
    private var maximumResponseBytes = 0
    private var refusedBytes: Int?
    private var started = ContinuousClock.now

    init?(lane: HTTPLane, settings: HTTPClient.Settings) {
        guard let easy = curl_easy_init() else { return nil }
        self.easy = easy
        self.lane = lane
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        setUp(settings)
    }

    deinit {
        curl_easy_cleanup(easy)
        errorText.deallocate()
    }

    // MARK: Once

    private func setUp(_ settings: HTTPClient.Settings) {
        set(CURLOPT_NOSIGNAL, 1)
        // Else the end of a request whose name lookup is still going on waits for that, and the loop with it.
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_PRIVATE, Unmanaged.passUnretained(self).toOpaque())
        set(CURLOPT_ERRORBUFFER, errorText)
        _ = tessera_curl_set_write(easy, Self.write, Unmanaged.passUnretained(self).toOpaque())
        lane.adopt(easy)

        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_HTTP_VERSION, settings.allowsHTTP2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1)
        set(CURLOPT_HTTP09_ALLOWED, 0)
        set(CURLOPT_PIPEWAIT, settings.allowsHTTP2 ? 1 : 0)
        set(CURLOPT_USERAGENT, settings.userAgent)
        set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(settings.connectTimeout))
        set(CURLOPT_MAXAGE_CONN, max(1, Int(settings.idleConnectionLifetime / .seconds(1))))

        // A model may think for minutes without sending a byte: a gateway on the way must not forget the connection.
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_TCP_KEEPIDLE, 30)
        set(CURLOPT_TCP_KEEPINTVL, 15)

        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        if let file = settings.certificateAuthorities {
            set(CURLOPT_CAINFO, file)
            set(CURLOPT_CAPATH, nil as String?)
        }
        switch settings.proxy {
        case .none: set(CURLOPT_PROXY, "")
        case .url(let url): set(CURLOPT_PROXY, url)
        case .environment: break
        }
    }

    // MARK: For each request

    /// Loads the handle; the caller adds it to the multi handle.
    func prepare(_ request: HTTPRequest, id: HTTPRequestID, completion: @escaping HTTPClient.Completion) -> CURLcode {
        self.id = id
        self.completion = completion
        started = .now
        maximumResponseBytes = request.maximumResponseBytes
        refusedBytes = nil
        errorText[0] = 0

        let result = set(CURLOPT_URL, request.url)
        guard result == CURLE_OK else { return result }
        set(CURLOPT_TIMEOUT_MS, milliseconds(request.timeout))
        let shared = request.headers ?? lane.plainHeaders
        if headers !== shared {
            headers = shared
            set(CURLOPT_HTTPHEADER, shared.list)
        }
        switch request.method {
        case .get:
            set(CURLOPT_HTTPGET, 1)
        case .post:
            set(CURLOPT_POST, 1)
            tessera_curl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count))
            // The one copy: libcurl reads it while the request is on, and again if a kept connection proves dead.
            return request.body.withUnsafeBytes {
                tessera_curl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, $0.baseAddress)
            }
        }
        return CURLE_OK
    }

    /// Takes the outcome out and leaves the handle ready for the next request.
    func finish(_ result: CURLcode) -> (HTTPClient.Completion?, Result<HTTPResponse, HTTPError>) {
        let outcome: Result<HTTPResponse, HTTPError>
        if let refusedBytes {
            let detail = "the reply's body has \(refusedBytes) bytes or more; \(maximumResponseBytes) are allowed"
            outcome = .failure(HTTPError(code: .bodyTooLarge, detail: detail, curlCode: Int(result.rawValue)))
        } else if result == CURLE_OK {
            outcome = .success(response())
        } else {
            let wasSent = microseconds(CURLINFO_PRETRANSFER_TIME_T) > 0
            outcome = .failure(HTTPError(result, detail: String(cString: errorText), wasSent: wasSent))
        }
        return (release(), outcome)
    }

    /// Empties the handle: what it held is freed, but for the headers, which the next request mostly shares.
    @discardableResult
    func release() -> HTTPClient.Completion? {
        let completion = completion
        self.completion = nil
        body = []
        set(CURLOPT_POSTFIELDS, nil as UnsafeMutableRawPointer?)
        return completion
    }

    private func response() -> HTTPResponse {
        let isFirst = long(CURLINFO_NUM_CONNECTS) > 0
        let connected = max(microseconds(CURLINFO_CONNECT_TIME_T), microseconds(CURLINFO_APPCONNECT_TIME_T))
        return HTTPResponse(
            status: long(CURLINFO_RESPONSE_CODE), headers: responseHeaders(), body: body,
            duration: started.duration(to: .now),
            timing: HTTPResponse.Timing(
                connected: .microseconds(isFirst ? connected : 0),
                firstByte: .microseconds(microseconds(CURLINFO_STARTTRANSFER_TIME_T))),
            reusedConnection: !isFirst)
    }

    private func responseHeaders() -> HTTPResponseHeaders {
        var headers = HTTPResponseHeaders()
        for name in lane.keptResponseHeaders {
            var found: UnsafeMutablePointer<curl_header>?
            guard curl_easy_header(easy, name, 0, UInt32(CURLH_HEADER), -1, &found) == CURLHE_OK, var header = found
            else { continue }
            let last = header.pointee.amount - 1
            if last > 0, curl_easy_header(easy, name, last, UInt32(CURLH_HEADER), -1, &found) == CURLHE_OK,
                let lastHeader = found
            {
                header = lastHeader
            }
            headers.fields.append((name, String(cString: header.pointee.value)))
        }
        return headers
    }

    // MARK: The body

    private static let write: tessera_curl_write = { bytes, size, count, context in
        guard let bytes, let context else { return 0 }
        let transfer = Unmanaged<HTTPTransfer>.fromOpaque(context).takeUnretainedValue()
        return transfer.receive(UnsafeRawBufferPointer(start: bytes, count: size * count))
    }

    /// How many bytes were taken; fewer than came end the transfer.
    private func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
        if body.isEmpty {
            // -1 when the server does not say; then the body grows with what comes.
            let announced = Int(size(CURLINFO_CONTENT_LENGTH_DOWNLOAD_T))
            if announced > maximumResponseBytes {
                refusedBytes = announced
                return 0
            }
            body.reserveCapacity(max(announced, bytes.count))
        }
        guard body.count + bytes.count <= maximumResponseBytes else {
            refusedBytes = body.count + bytes.count
            return 0
        }
        body.append(contentsOf: bytes)
        return bytes.count
    }

    // MARK: libcurl's options and facts

    private func set(_ option: CURLoption, _ value: Int) { _ = tessera_curl_set_long(easy, option, value) }

    private func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer?) {
        _ = tessera_curl_set_pointer(easy, option, value)
    }

    @discardableResult
    private func set(_ option: CURLoption, _ value: String?) -> CURLcode {
        tessera_curl_set_text(easy, option, value)
    }

    private func long(_ info: CURLINFO) -> Int {
        var value = 0
        _ = tessera_curl_get_long(easy, info, &value)
        return value
    }

    private func size(_ info: CURLINFO) -> Int64 {
        var value: curl_off_t = 0
        _ = tessera_curl_get_size(easy, info, &value)
        return Int64(value)
    }

    private func microseconds(_ info: CURLINFO) -> Int64 { size(info) }

    /// At least 1, since 0 would mean "no limit" to libcurl; at most about 24 days.
    private func milliseconds(_ duration: Duration) -> Int {
        Int(min(max((duration / .milliseconds(1)).rounded(.up), 1), Double(Int32.max)))
    }
}
