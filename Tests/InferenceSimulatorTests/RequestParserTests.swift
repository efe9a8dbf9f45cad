import Testing

@testable import InferenceSimulation

struct RequestParserTests {
    private func text(_ request: ParsedRequest) -> String {
        String(decoding: request.bytes[request.body], as: UTF8.self)
    }

    /// The bodies of the requests in `bytes`, given to a parser in pieces of that size.
    private func bodies(_ bytes: [UInt8], pieces: Int) -> [String] {
        var parser = RequestParser(maximumBodyBytes: 1000)
        var input: [UInt8] = []
        var offset = 0
        var bodies: [String] = []
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            input += bytes[start..<min(start + pieces, bytes.count)]
            while case .request(let request) = parser.next(input, &offset) { bodies.append(text(request)) }
        }
        return bodies
    }

    private func step(_ text: String, limit: Int = 1000) -> RequestParser.Step {
        var parser = RequestParser(maximumHeadBytes: 1000, maximumBodyBytes: limit)
        var offset = 0
        return parser.next(Array(text.utf8), &offset)
    }

    private func refusal(_ text: String, limit: Int = 1000) -> Int? {
        if case .invalid(let status, _) = step(text, limit: limit) { status } else { nil }
    }

    @Test func `requests one behind the other are cut apart, however they arrive`() {
        let bytes = Array(
            """
            POST /a HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello\
            GET /b HTTP/1.1\r\n\r\n\
            \r\nPOST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nwiki\r\n5\r\npedia\r\n0\r\nTrailer: z\r\n\r\n\
            POST /d HTTP/1.1\ncontent-length:3\n\nend
            """.utf8)
        for pieces in 1...bytes.count { #expect(bodies(bytes, pieces: pieces) == ["hello", "", "wikipedia", "end"]) }
    }

    @Test func `the head says method, path, query and whether the connection stays`() throws {
        func head(_ text: String) throws -> RequestHead {
            guard case .request(let request) = step(text) else { throw CancellationError() }
            return request.head
        }
        let first = try head("POST /config?a=1&b=2 HTTP/1.1\r\nHost: x\r\nConnection: Close\r\n\r\n")
        #expect(first.method == .post && first.path == "/config" && first.query == "a=1&b=2" && !first.keepsAlive)
        let second = try head("GET / HTTP/1.0\r\n\r\n")
        #expect(second.method == .get && second.query == "" && !second.keepsAlive)
        #expect(try head("PUT / HTTP/1.0\r\nconnection: keep-alive\r\n\r\n").keepsAlive)
        #expect(try head("DELETE /x HTTP/1.1\r\n\r\n").method == .other)
    }

    @Test func `a client that waits for leave is told so once`() {
        var parser = RequestParser(maximumBodyBytes: 1000)
        var offset = 0
        let head = Array("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n".utf8)
        guard case .awaitsContinue = parser.next(head, &offset) else {
            Issue.record("it was not told")
            return
        }
        guard case .incomplete = parser.next(head + [65], &offset) else {
            Issue.record("it was told twice")
            return
        }
        guard case .request(let request) = parser.next(head + [65, 66], &offset) else {
            Issue.record("no request")
            return
        }
        #expect(text(request) == "AB")
    }

    @Test(arguments: [
        "nonsense\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\n: x\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
    ])
    func `what is not HTTP is refused`(_ text: String) { #expect(refusal(text) == 400) }

    @Test func `heads and bodies are bounded`() {
        let head = "POST / HTTP/1.1\r\n"
        #expect(refusal(head + "X: \(String(repeating: "x", count: 2000))") == 431)
        #expect(refusal(head + "X: \(String(repeating: "x", count: 2000))\r\n\r\n") == 431)
        #expect(refusal(head + "Content-Length: 11\r\n\r\n", limit: 10) == 413)
        #expect(refusal(head + "Content-Length: 10\r\n\r\n", limit: 10) == nil)
        let chunked = head + "Transfer-Encoding: chunked\r\n\r\n"
        #expect(refusal(chunked + "6\r\nabcdef\r\n5\r\n", limit: 10) == 413)
        #expect(refusal(chunked + "6\r\nabcdef\r\n4\r\n", limit: 10) == nil)
        #expect(refusal(chunked + "fffffffffffffff\r\n", limit: 10) == 413)
        #expect(refusal(chunked + String(repeating: "1", count: 20_000)) == 400)
    }
}
