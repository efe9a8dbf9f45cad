import Foundation
import Glibc
import Testing

@testable import HTTP

/// Against a server that breaks the rules.
struct HTTPFailureTests {
    /// The outcome of one request to a server with that script.
    private func outcome(
        timeout: Duration = .seconds(60), limit: Int = 1 << 20,
        _ script: @escaping @Sendable (RawConnection) -> Void
    ) async throws -> Result<HTTPResponse, HTTPError> {
        let server = RawServer { connection, _ in script(connection) }
        defer { server.stop() }
        return await outcome(
            HTTPRequest(url: server.url, body: [1, 2, 3], timeout: timeout, maximumResponseBytes: limit))
    }

    private func outcome(
        _ request: HTTPRequest, _ settings: HTTPClient.Settings = HTTPClient.Settings()
    ) async -> Result<HTTPResponse, HTTPError> {
        let session = HTTPSession(settings: settings)
        do throws(HTTPError) {
            return .success(try await session.send(request))
        } catch {
            return .failure(error)
        }
    }

    @Test func `a port where nobody listens is a failed connection`() async throws {
        let server = RawServer(accepts: false) { _, _ in }
        let port = server.port
        withExtendedLifetime(consume server) {}
        let outcome = await outcome(HTTPRequest(url: "http://127.0.0.1:\(port)/"))
        #expect(outcome.code == .connectionFailed)
        guard case .failure(let error) = outcome else { return }
        #expect(error.curlCode == 7)
        #expect(error.isRetryable)
    }

    @Test func `a connection that is not made in time is a failed one, not a slow reply`() async throws {
        // A full backlog: the kernel drops what comes then, as a host that is gone would.
        let server = RawServer(backlog: 0, accepts: false) { _, _ in }
        var fillers: [Int32] = []
        for _ in 0..<4 {
            let filler = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
            var address = loopback(port: server.port)
            _ = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(filler, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            fillers.append(filler)
        }
        var settings = HTTPClient.Settings()
        settings.connectTimeout = .milliseconds(200)
        #expect(await outcome(HTTPRequest(url: server.url), settings).code == .connectionFailed)
        for filler in fillers { close(filler) }
    }

    @Test(arguments: ["", "not a url", "ftp://127.0.0.1/x", "http://", "file:///etc/hostname"])
    func `a URL that cannot be used is refused`(_ url: String) async {
        let code = await outcome(HTTPRequest(method: .get, url: url)).code
        #expect(code == .invalidURL || url == "not a url" && code == .connectionFailed)
    }

    @Test func `a connection that closes without a reply is closed`() async throws {
        #expect(try await outcome { _ = $0.readRequest() }.code == .connectionClosed)
    }

    @Test func `a reset is a closed connection`() async throws {
        let outcome = try await outcome { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nContent-Le")
            connection.reset()
        }
        #expect(outcome.code == .connectionClosed)
    }

    @Test func `half a body is a closed connection`() async throws {
        let outcome = try await outcome { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")
        }
        #expect(outcome.code == .connectionClosed)
    }

    @Test func `half of a chunked body is a closed connection`() async throws {
        let outcome = try await outcome { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
        }
        #expect(outcome.code == .connectionClosed)
    }

    @Test func `what is not HTTP is a malformed reply`() async throws {
        let outcome = try await outcome { connection in
            _ = connection.readRequest()
            connection.send("\u{1}\u{2} this is not HTTP at all\r\n\r\n")
        }
        #expect(outcome.code == .malformedReply)
    }

    @Test func `a chunk without a length is a malformed reply or a closed connection`() async throws {
        let outcome = try await outcome { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
            connection.awaitEnd()
        }
        #expect(outcome.code == .connectionClosed)
    }

    @Test func `a head that never ends is not read for ever`() async throws {
        let outcome = try await outcome { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\n")
            while connection.send("X-Filler: \(String(repeating: "x", count: 1000))\r\n") {}
        }
        #expect(outcome.code != nil)
    }

    @Test func `a head that comes too slowly is out of time`() async throws {
        let outcome = try await outcome(timeout: .milliseconds(300)) { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nContent-Le")
            connection.awaitEnd()
        }
        #expect(outcome.code == .timedOut)
        guard case .failure(let error) = outcome else { return }
        #expect(error.curlCode == 28)
    }

    @Test func `a body that never ends is cut off at the limit`() async throws {
        let outcome = try await outcome(limit: 100_000) { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\n\r\n")
            let kilobyte = [UInt8](repeating: 65, count: 1024)
            while connection.send(kilobyte) {}
        }
        #expect(outcome.code == .bodyTooLarge)
    }

    @Test func `a body that says it is too large is not read`() async throws {
        let outcome = try await outcome(limit: 100) { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\nx")
            connection.awaitEnd()
        }
        #expect(outcome.code == .bodyTooLarge)
    }

    @Test func `a body as large as allowed is taken`() async throws {
        let body = String(repeating: "0123456789abcdef", count: 1 << 16)
        let outcome = try await outcome(limit: 1 << 20) { connection in
            _ = connection.readRequest()
            connection.send(reply(body))
        }
        #expect(try outcome.get().body == Array(body.utf8))
    }

    @Test func `a chunked body is put together, and an error status is a reply like any other`() async throws {
        let outcome = try await outcome { connection in
            _ = connection.readRequest()
            connection.send(
                "HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\nRetry-After: 1\r\nRETRY-AFTER: 7\r\n\r\n"
                    + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")
        }
        let response = try outcome.get()
        #expect(response.status == 503)
        #expect(response.body == Array("hello world".utf8))
        #expect(response.headers.retryAfter == "7")
    }

    @Test func `an interim reply is not the reply`() async throws {
        let outcome = try await outcome { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 102 Processing\r\nRetry-After: 9\r\n\r\n" + reply("done"))
        }
        let response = try outcome.get()
        #expect(response.status == 200)
        #expect(response.headers.retryAfter == nil)
    }

    @Test func `a redirect is not followed`() async throws {
        let elsewhere = RawServer { connection, _ in connection.send(reply("wrong")) }
        let location = "Location: \(elsewhere.url)\r\n"
        let outcome = try await outcome { connection in
            _ = connection.readRequest()
            connection.send(reply("", status: "307 Temporary Redirect", headers: location))
        }
        #expect(outcome.status == 307)
        #expect(elsewhere.connections == 0)
        elsewhere.stop()
    }

    @Test func `a kept connection that the server closes instead of replying is replaced by a new one`() async throws {
        let server = RawServer { connection, number in
            _ = connection.readRequest()
            connection.send(reply("\(number)"))
            // The first connection reads a second request, and goes away.
            _ = connection.readRequest()
        }
        let session = HTTPSession()
        let request = HTTPRequest(url: server.url, body: Array("again".utf8))
        #expect(try await session.send(request).body == Array("1".utf8))
        #expect(try await session.send(request).body == Array("2".utf8))
        #expect(server.connections == 2)
        server.stop()
    }
}
