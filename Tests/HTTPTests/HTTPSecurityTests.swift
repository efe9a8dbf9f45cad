import Foundation
import Glibc
import Testing

@testable import HTTP

/// TLS against openssl's own server, with a certificate made for the test.
struct HTTPSecurityTests {
    /// A self-signed certificate for localhost in a folder of its own, and a server that uses it.
    private final class Peer {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tessera-tls-\(UUID())").path()
        let port: Int
        private let pid: pid_t
        private let output: UnsafeMutablePointer<FILE>

        init() throws {
            let script = """
                mkdir '\(folder)' && cd '\(folder)' && exec 2>/dev/null && echo $$ &&
                openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
                    -addext subjectAltName=DNS:localhost -keyout key.pem -out certificate.pem &&
                exec timeout 60 openssl s_server -accept 127.0.0.1:0 -www -key key.pem -cert certificate.pem
                """
            output = try #require(popen(script, "r"))
            let number = try #require(Self.line(output))
            pid = try #require(pid_t(number))
            var line = try #require(Self.line(output))
            while !line.hasPrefix("ACCEPT") { line = try #require(Self.line(output)) }
            port = try #require(Int(line.split(separator: ":").last ?? ""))
        }

        private static func line(_ output: UnsafeMutablePointer<FILE>) -> String? {
            var buffer = [CChar](repeating: 0, count: 1024)
            guard let line = fgets(&buffer, Int32(buffer.count), output) else { return nil }
            return String(cString: line).trimmingCharacters(in: .newlines)
        }

        deinit {
            kill(pid, SIGTERM)
            pclose(output)
            try? FileManager.default.removeItem(atPath: folder)
        }
    }

    private func get(_ url: String, trusting file: String?) async -> Result<HTTPResponse, HTTPError> {
        var settings = HTTPClient.Settings()
        settings.certificateAuthorities = file
        let session = HTTPSession(settings: settings)
        do throws(HTTPError) {
            return .success(try await session.send(HTTPRequest(method: .get, url: url)))
        } catch {
            return .failure(error)
        }
    }

    @Test func `a certificate is checked against the authorities and the name`() async throws {
        let peer = try Peer()
        let file = peer.folder + "/certificate.pem"
        let trusted = await get("https://localhost:\(peer.port)/", trusting: file)
        #expect(trusted.status == 200)
        let unknown = await get("https://localhost:\(peer.port)/", trusting: nil)
        #expect(unknown.code == .tlsFailed)
        let otherName = await get("https://127.0.0.1:\(peer.port)/", trusting: file)
        #expect(otherName.code == .tlsFailed)
        let noFile = await get("https://localhost:\(peer.port)/", trusting: file + ".missing")
        #expect(noFile.code == .tlsFailed)
        guard case .failure(let error) = unknown else { return }
        #expect(!error.isRetryable)
    }

    @Test func `a server without TLS is a failed handshake`() async throws {
        let server = RawServer { connection, _ in
            connection.send("HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.awaitEnd()
        }
        #expect(await get("https://127.0.0.1:\(server.port)/", trusting: nil).code == .tlsFailed)
        server.stop()
    }
}
