import Foundation
import Glibc
import Testing

@testable import HTTP

/// What goes out.
struct HTTPRequestTests {
    /// The request as the server saw it.
    private func sent(
        _ settings: HTTPClient.Settings = HTTPClient.Settings(), _ request: (String) throws -> HTTPRequest
    ) async throws -> (head: String, body: String) {
        let (stream, continuation) = AsyncStream.makeStream(of: (head: String, body: String).self)
        let server = RawServer { connection, _ in
            if let request = connection.readRequest() { continuation.yield(request) }
            connection.send(reply(""))
        }
        defer { server.stop() }
        let session = HTTPSession(settings: settings)
        _ = try await session.send(request(server.url))
        for await request in stream { return request }
        throw CancellationError()
    }

    private func lines(_ head: String) -> Set<String> { Set(head.components(separatedBy: "\r\n")) }

    @Test func `a POST has its headers, its length and nothing that was not asked for`() async throws {
        let (head, body) = try await sent { url in
            HTTPRequest(
                url: url + "v1/x?y=z",
                headers: try HTTPHeaders([
                    ("Content-Type", "application/json"), ("Authorization", "Bearer s3cret"), ("X-Empty", ""),
                ]), body: Array("{\"é\":1}".utf8))
        }
        #expect(head.hasPrefix("POST /v1/x?y=z HTTP/1.1\r\n"))
        #expect(body == "{\"é\":1}")
        let names = Set(head.components(separatedBy: "\r\n").dropFirst().compactMap { $0.split(separator: ":").first })
        #expect(
            names == ["Host", "Accept", "User-Agent", "Content-Type", "Authorization", "X-Empty", "Content-Length"])
        #expect(lines(head).isSuperset(of: ["Authorization: Bearer s3cret", "Content-Length: 8", "X-Empty:"]))
    }

    @Test func `a large body goes out whole, without waiting for leave`() async throws {
        let large = String(repeating: "0123456789abcdef", count: 1 << 17)
        let (head, body) = try await sent { HTTPRequest(url: $0, body: Array(large.utf8)) }
        #expect(!head.lowercased().contains("expect:"))
        #expect(body == large)
    }

    @Test func `a POST without a body says so`() async throws {
        let (head, body) = try await sent { HTTPRequest(url: $0) }
        #expect(lines(head).contains("Content-Length: 0"))
        #expect(body == "")
    }

    @Test func `a handle that was used before carries nothing over`() async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: (head: String, body: String).self)
        let server = RawServer { connection, _ in
            while let request = connection.readRequest() {
                continuation.yield(request)
                connection.send(reply("ok"))
            }
        }
        let session = HTTPSession()
        let headers = try HTTPHeaders([("X-Key", "one")])
        _ = try await session.send(HTTPRequest(url: server.url + "a", headers: headers, body: Array("body".utf8)))
        _ = try await session.send(HTTPRequest(method: .get, url: server.url + "b"))
        _ = try await session.send(HTTPRequest(url: server.url + "c", headers: headers, body: Array("b".utf8)))
        var seen = stream.makeAsyncIterator()
        _ = await seen.next()
        let get = try #require(await seen.next())
        #expect(get.head.hasPrefix("GET /b HTTP/1.1\r\n"))
        #expect(!get.head.contains("X-Key") && !get.head.contains("Content-Length"))
        let post = try #require(await seen.next())
        #expect(post.head.hasPrefix("POST /c HTTP/1.1\r\n"))
        #expect(lines(post.head).isSuperset(of: ["X-Key: one", "Content-Length: 1"]))
        #expect(server.connections == 1)
        server.stop()
    }

    @Test(arguments: [
        ("Authorization", "Bearer key\n"), ("Authorization", "Bearer key\r"), ("Authorization", "a\r\nX-Other: b"),
        ("X", "a\u{0}b"), ("", "x"),
        ("Na me", "x"), ("Name:", "x"),
    ])
    func `a header that would become two is refused, without its value in the message`(
        _ name: String, _ value: String
    ) {
        #expect {
            try HTTPHeaders([(name, value)])
        } throws: { error in
            guard let error = error as? HTTPError else { return false }
            return error.code == .invalidHeader && !error.detail.contains("key") && !error.detail.contains("X-Other")
        }
    }

    @Test func `a proxy is used when the settings name one`() async throws {
        let proxy = RawServer { connection, _ in
            let request = connection.readRequest()
            let isProxied = request?.head.hasPrefix("POST http://inference.invalid/v1 ") ?? false
            connection.send(reply(isProxied ? "proxied" : "direct"))
        }
        var settings = HTTPClient.Settings()
        settings.proxy = .url(proxy.url)
        let response = try await HTTPSession(settings: settings).send(HTTPRequest(url: "http://inference.invalid/v1"))
        #expect(response.body == Array("proxied".utf8))
        proxy.stop()
    }

    @Test func `the environment's proxy is ignored unless the settings say otherwise`() async {
        await #expect(processExitsWith: .success) {
            setenv("http_proxy", "http://127.0.0.1:1", 1)
            let server = RawServer { connection, _ in
                _ = connection.readRequest()
                connection.send(reply("direct"))
            }
            let response = try await HTTPSession().send(HTTPRequest(url: server.url))
            #expect(response.body == Array("direct".utf8))
            var settings = HTTPClient.Settings()
            settings.proxy = .environment
            let proxied = HTTPSession(settings: settings)
            await #expect(throws: HTTPError.self) { try await proxied.send(HTTPRequest(url: server.url)) }
        }
    }
}
