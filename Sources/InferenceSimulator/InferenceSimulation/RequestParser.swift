/// Cuts requests out of the bytes of one connection (HTTP/1.1, RFC 9112): as many as there are, one at a time.
struct RequestParser {
    enum Step {
        /// Not a whole request yet.
        case incomplete
        /// As `incomplete`, and the client waits for a "100 Continue" before it sends the body.
        case awaitsContinue
        case request(ParsedRequest)
        /// The connection cannot go on: a status and why.
        case invalid(Int, StaticString)
    }

    private let maximumHeadBytes: Int
    private let maximumBodyBytes: Int
    private var head: RequestHead?
    private var chunks: ChunkedBody?

    init(maximumHeadBytes: Int = 64 << 10, maximumBodyBytes: Int) {
        self.maximumHeadBytes = maximumHeadBytes
        self.maximumBodyBytes = maximumBodyBytes
    }

    /// - Parameter offset: where in `input` the unread bytes begin; moved past what was read.
    mutating func next(_ input: [UInt8], _ offset: inout Int) -> Step {
        if let head { return body(of: head, input, &offset) }
        // An empty line or two before a request are allowed (RFC 9112, 2.2).
        while offset < input.count, input[offset] == 13 || input[offset] == 10 { offset += 1 }
        guard let end = RequestHead.end(in: input, from: offset) else {
            return input.count - offset > maximumHeadBytes ? .invalid(431, "the head is too large") : .incomplete
        }
        guard end - offset <= maximumHeadBytes else { return .invalid(431, "the head is too large") }
        guard let head = RequestHead(input, offset..<end) else { return .invalid(400, "the head is not HTTP/1") }
        offset = end
        if case .length(let length) = head.body, length > maximumBodyBytes {
            return .invalid(413, "the body is too large")
        }
        if case .chunked = head.body { chunks = ChunkedBody(maximumBytes: maximumBodyBytes) }
        self.head = head
        let step = body(of: head, input, &offset)
        if case .incomplete = step, head.expectsContinue { return .awaitsContinue }
        return step
    }

    private mutating func body(of head: RequestHead, _ input: [UInt8], _ offset: inout Int) -> Step {
        switch head.body {
        case .length(let length):
            guard input.count - offset >= length else { return .incomplete }
            let body = offset..<offset + length
            offset += length
            self.head = nil
            return .request(ParsedRequest(head: head, bytes: input, body: body))
        case .chunked:
            switch chunks?.read(input, &offset) {
            case .incomplete, nil: return .incomplete
            case .tooLarge: return .invalid(413, "the body is too large")
            case .invalid: return .invalid(400, "the body is not chunked")
            case .complete(let bytes):
                self.head = nil
                chunks = nil
                return .request(ParsedRequest(head: head, bytes: bytes, body: 0..<bytes.count))
            }
        }
    }
}
