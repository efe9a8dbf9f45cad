import Foundation
import InferenceSimulation
import Testing

@testable import HTTP

/// Against the simulator: many requests, kept connections, cancellation.
struct HTTPClientTests {
    private func chat(_ endpoint: String, _ prompt: String, timeout: Duration = .seconds(60)) throws -> HTTPRequest {
        HTTPRequest(
            url: "\(endpoint)/chat/completions", headers: try HTTPHeaders([("Content-Type", "application/json")]),
            body: Array("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"\(prompt)\"}]}".utf8),
            timeout: timeout)
    }

    /// FNV-1a, 64 bit, as the simulator's echo has it.
    private func echo(_ text: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return "echo=" + String(repeating: "0", count: 16 - digits.count) + digits
    }

    @Test func `a reply comes with its status, headers and body`() async throws {
        let simulator = try InferenceSimulator()
        let session = HTTPSession()
        let response = try await session.send(chat(simulator.endpoint, "hello"))
        #expect(response.status == 200)
        #expect(response.headers.contentType == "application/json")
        #expect(String(decoding: response.body, as: UTF8.self).contains(echo("hello")))
        #expect(response.duration > .zero)
        #expect(response.timing.connected > .zero)
        #expect(!response.reusedConnection)
        let models = try await session.send(HTTPRequest(method: .get, url: "\(simulator.endpoint)/models"))
        #expect(models.status == 200)
        #expect(models.reusedConnection)
        #expect(models.timing.connected == .zero)
        await simulator.stop()
    }

    @Test func `a refusal brings Retry-After and the server's date`() async throws {
        var settings = SimulatorSettings()
        settings.maximumConcurrency = 0
        settings.retryAfter = 3
        settings.retryAfterAsDate = true
        let simulator = try InferenceSimulator(settings)
        let session = HTTPSession()
        let dated = try await session.send(chat(simulator.endpoint, "x"))
        #expect(dated.status == 429)
        #expect(dated.headers.date?.hasSuffix(" GMT") == true)
        #expect(dated.headers.retryAfter?.hasSuffix(" GMT") == true)
        await simulator.configure { $0.retryAfterAsDate = false }
        let plain = try await session.send(chat(simulator.endpoint, "x"))
        #expect(plain.headers.retryAfter == "3")
        #expect(plain.headers.date == nil)
        await simulator.stop()
    }

    @Test func `requests one after another share one connection`() async throws {
        let simulator = try InferenceSimulator()
        let session = HTTPSession()
        for number in 0..<50 { _ = try await session.send(chat(simulator.endpoint, "\(number)")) }
        #expect(await simulator.statistics.connections == 1)
        await simulator.stop()
    }

    @Test func `a thousand requests at once each get their own reply, and later ones their connections`() async throws {
        var settings = SimulatorSettings()
        settings.latency = .milliseconds(20)
        settings.latencyJitter = 0.9
        let simulator = try InferenceSimulator(settings)
        let owner = ClientOwner()
        try await owner.open()
        for _ in 0..<3 {
            var requests: [HTTPRequest] = []
            for number in 0..<1000 { requests.append(try chat(simulator.endpoint, "prompt \(number)")) }
            let outcomes = await owner.run(requests)
            var seen: Set<String> = []
            for outcome in outcomes {
                let text = String(decoding: try outcome.get().body, as: UTF8.self)
                seen.insert(String(text[try #require(text.range(of: "echo=")).lowerBound...].prefix(21)))
            }
            #expect(seen == Set((0..<1000).map { echo("prompt \($0)") }))
        }
        // No more than there were at once: none was closed and opened again.
        #expect(await simulator.statistics.connections <= 1000)
        #expect(await owner.inFlight == 0)
        #expect(await owner.calledInside == 0)
        await owner.close()
        await simulator.stop()
    }

    @Test func `a thousand requests that are all cancelled end at once, and free the server`() async throws {
        var settings = SimulatorSettings()
        settings.latency = .seconds(600)
        let simulator = try InferenceSimulator(settings)
        let owner = ClientOwner()
        try await owner.open()
        var requests: [HTTPRequest] = []
        for number in 0..<1000 { requests.append(try chat(simulator.endpoint, "\(number)", timeout: .seconds(900))) }
        let outcomes = await owner.run(requests) { ids in
            await simulator.wait { $0.all.inFlight == 1000 }
            await owner.cancel(ids)
            // Again, and of what is over: nothing.
            await owner.cancel(ids)
        }
        #expect(outcomes.map(\.code) == Array(repeating: .cancelled, count: 1000))
        #expect(await owner.calledInside == 0)
        #expect(await owner.inFlight == 0)
        await simulator.wait { $0.all.aborted == 1000 && $0.openConnections == 0 }
        #expect(await owner.outcomeCount(afterTurns: 3) == 1000)

        await simulator.configure { $0.latency = .zero }
        #expect(await owner.run([try chat(simulator.endpoint, "after")]).map(\.status) == [200])
        await owner.close()
        await simulator.stop()
    }

    @Test func `a request that is cancelled in the same turn never goes out`() async throws {
        let simulator = try InferenceSimulator()
        let owner = ClientOwner()
        try await owner.open()
        let outcomes = await owner.run([try chat(simulator.endpoint, "x")]) { ids in
            await owner.cancel(ids)
        }
        #expect(outcomes.map(\.code) == [.cancelled])
        #expect(await simulator.statistics.all.requests == 0)
        await owner.close()
        await simulator.stop()
    }

    @Test func `shutdown ends what is in flight, and nothing starts after it`() async throws {
        var settings = SimulatorSettings()
        settings.latency = .seconds(600)
        let simulator = try InferenceSimulator(settings)
        let owner = ClientOwner()
        try await owner.open()
        let request = try chat(simulator.endpoint, "x", timeout: .seconds(900))
        let outcomes = await owner.run([request, request]) { ids in
            await simulator.wait { $0.all.inFlight == 2 }
            await owner.shutdown()
            #expect(await owner.outcomes.count == 2)
        }
        #expect(outcomes.map(\.code) == [.cancelled, .cancelled])
        await simulator.wait { $0.openConnections == 0 }
        #expect(await owner.run([request]).map(\.code) == [.cancelled])
        await owner.close()
        await simulator.stop()
    }

    @Test func `cancelling the task of a send ends it`() async throws {
        var settings = SimulatorSettings()
        settings.latency = .seconds(600)
        let simulator = try InferenceSimulator(settings)
        let session = HTTPSession()
        let request = try chat(simulator.endpoint, "x", timeout: .seconds(900))
        let task = Task { try await session.send(request) }
        await simulator.wait { $0.all.inFlight == 1 }
        task.cancel()
        await #expect { try await task.value } throws: { ($0 as? HTTPError)?.code == .cancelled }
        // One that is cancelled before it begins.
        let second = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await session.send(request)
        }
        await #expect { try await second.value } throws: { ($0 as? HTTPError)?.code == .cancelled }
        await simulator.stop()
    }

    @Test func `a session that is let go closes its connections`() async throws {
        let simulator = try InferenceSimulator()
        var session: HTTPSession? = HTTPSession()
        _ = try await session?.send(chat(simulator.endpoint, "x"))
        #expect(await simulator.statistics.openConnections == 1)
        session = nil
        await simulator.wait { $0.openConnections == 0 }
        await simulator.stop()
    }

    @Test func `connections that are not used for a while are closed, and opened again when needed`() async throws {
        let simulator = try InferenceSimulator()
        var settings = HTTPClient.Settings()
        settings.idleConnectionLifetime = .milliseconds(50)
        let session = HTTPSession(settings: settings)
        for number in 1...2 {
            _ = try await session.send(chat(simulator.endpoint, "x"))
            await simulator.wait { $0.connections == number && $0.openConnections == 0 }
        }
        await simulator.stop()
    }
}
