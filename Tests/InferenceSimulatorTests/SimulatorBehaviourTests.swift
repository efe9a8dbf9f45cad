import Foundation
import Testing

@testable import InferenceSimulation

/// Limits, failures, and what is counted.
struct SimulatorBehaviourTests {
    private func simulator(_ options: (String, String)...) throws -> InferenceSimulator {
        var settings = SimulatorSettings()
        for (name, value) in options { try settings.set(name, to: value) }
        return try InferenceSimulator(settings)
    }

    private func clients(_ count: Int, _ simulator: InferenceSimulator) -> [RawClient] {
        (0..<count).map { _ in RawClient(port: simulator.port) }
    }

    @Test func `above its limit it refuses with 429 and Retry-After`() async throws {
        let simulator = try simulator(("latency-ms", "600000"), ("max-concurrency", "2"), ("retry-after", "1.5"))
        let clients = clients(3, simulator)
        clients[0].chat("a")
        clients[1].chat("b")
        await simulator.wait { $0.all.inFlight == 2 }
        clients[2].chat("c")
        let reply = try #require(clients[2].reply())
        #expect(reply.status == 429 && reply.headers["retry-after"] == "1.5")
        #expect(reply["error.type"] as? String == "rate_limit_error")
        let counts = await simulator.statistics.all
        #expect(counts.requests == 3 && counts.r429 == 1 && counts.maximumInFlight == 2 && counts.ok == 0)
        await simulator.stop()
    }

    @Test func `with a queue calls wait for a slot, and those who leave lose their place`() async throws {
        let simulator = try simulator(("latency-ms", "600000"), ("model-concurrency", "m=1"), ("queue", ""))
        var clients = clients(4, simulator)
        for (number, client) in clients.enumerated() {
            client.chat("\(number)")
            await simulator.wait { $0.all.requests == number + 1 }
        }
        #expect(await simulator.statistics.all.waiting == 3)
        clients.remove(at: 1)
        await simulator.wait { $0.all.aborted == 1 }
        #expect(await simulator.statistics.all.waiting == 2)
        // The one in service goes: the next in line takes its slot.
        clients.remove(at: 0)
        await simulator.wait { $0.all.aborted == 2 }
        await simulator.configure { $0.latency = .zero }
        let counts = await simulator.statistics.all
        #expect(
            counts.waiting == 1 && counts.inFlight == 1 && counts.maximumInFlight == 1 && counts.maximumWaiting == 3)
        // Without the limit the last one starts at once, and takes no time any more.
        await simulator.configure { $0.models["m"]?.maximumConcurrency = nil }
        #expect(clients[1].reply()?.status == 200)
        await simulator.stop()
    }

    @Test func `ten thousand that wait without latency end one after another`() async throws {
        let simulator = try simulator(("latency-ms", "600000"), ("max-concurrency", "1"), ("queue", ""))
        let clients = clients(40, simulator)
        for client in clients { for number in 0..<250 { client.chat("\(number)") } }
        await simulator.wait { $0.all.waiting == 9999 }
        await simulator.configure {
            $0.latency = .zero
            $0.maximumConcurrency = 2
        }
        await simulator.wait { $0.all.ok == 9999 }
        await simulator.stop()
    }

    @Test func `errors by attempt pass on retry and do not depend on order`() async throws {
        func failures(_ prompts: [Int]) async throws -> Set<Int> {
            let simulator = try simulator(("error-rate", "0.3"), ("error-status", "503"), ("retry-after", "2"))
            let client = RawClient(port: simulator.port)
            var failed: Set<Int> = []
            for prompt in prompts {
                client.chat("\(prompt)")
                let reply = try #require(client.reply())
                #expect(reply.status == 200 || reply.status == 503 && reply.headers["retry-after"] == "2")
                if reply.status == 503 { failed.insert(prompt) }
            }
            var left = failed
            for _ in 0..<30 {
                for prompt in left {
                    client.chat("\(prompt)")
                    if client.reply()?.status == 200 { left.remove(prompt) }
                }
            }
            #expect(left.isEmpty)
            await simulator.stop()
            return failed
        }
        let forward = try await failures(Array(0..<300))
        #expect((60...120).contains(forward.count))
        #expect(try await failures((0..<300).reversed()) == forward)
    }

    @Test func `errors by prompt stay`() async throws {
        let simulator = try simulator(("error-rate", "0.5"), ("error-key", "prompt"))
        let client = RawClient(port: simulator.port)
        for prompt in 0..<20 {
            var statuses: Set<Int> = []
            for _ in 0..<5 {
                client.chat("\(prompt)")
                statuses.insert(try #require(client.reply()).status)
            }
            #expect(statuses == [200] || statuses == [500])
        }
        await simulator.stop()
    }

    @Test func `every way to fail looks as it should`() async throws {
        let simulator = try simulator(("error-rate", "1"), ("error-kind", "reset"))
        let reset = RawClient(port: simulator.port)
        reset.chat("x")
        #expect(reset.rest() == "" && reset.wasReset)

        await simulator.configure { $0.errorKind = .truncate }
        let half = RawClient(port: simulator.port)
        half.chat("x")
        let rest = half.rest()
        #expect(rest.hasPrefix("HTTP/1.1 200 OK\r\n") && rest.contains("chat.completion") && !rest.hasSuffix("}"))
        #expect(!half.wasReset)

        await simulator.configure { $0.errorKind = .garbage }
        let garbage = RawClient(port: simulator.port)
        garbage.chat("x")
        let reply = try #require(garbage.reply())
        #expect(reply.status == 200 && reply["choices"] == nil)

        await simulator.configure { $0.errorKind = .hang }
        var hanging: RawClient? = RawClient(port: simulator.port)
        hanging?.chat("x")
        await simulator.wait { $0.all.inFlight == 1 }
        #expect(await simulator.statistics.all.errors == 3)
        hanging = nil
        await simulator.wait { $0.all.inFlight == 0 }
        #expect(await simulator.statistics.all.errors == 4)
        await simulator.stop()
    }

    @Test(arguments: [401, 403, 404, 429, 500]) func `every call can be failed`(_ status: Int) async throws {
        let simulator = try simulator(("fail-status", "\(status)"))
        let client = RawClient(port: simulator.port)
        client.chat("x")
        let reply = try #require(client.reply())
        #expect(reply.status == status && reply["error.message"] is String)
        client.send("GET /v1/models HTTP/1.1\r\n\r\n")
        #expect(client.reply()?.status == 200)
        await simulator.stop()
    }

    @Test func `prompts are counted when asked for`() async throws {
        let simulator = try simulator(("track-prompts", ""))
        let client = RawClient(port: simulator.port)
        for prompt in ["a", "b", "a", "a", "c"] { client.chat(prompt) }
        for _ in 0..<5 { _ = client.reply() }
        let statistics = await simulator.statistics
        #expect(statistics.distinctPrompts == 3 && statistics.repeatedPrompts == 2)
        await simulator.stop()
    }

    @Test func `the last calls are listed, one JSON object a line`() async throws {
        let simulator = try simulator(("keep-requests", "3"), ("error-rate", "1"), ("error-status", "504"))
        let client = RawClient(port: simulator.port)
        for prompt in ["a", "b", "b", "b"] { client.chat(prompt) }
        for _ in 0..<4 { _ = client.reply() }
        client.send("GET /requests HTTP/1.1\r\n\r\n")
        let lines = try #require(client.reply()).body.split(separator: "\n")
        #expect(lines.count == 3)
        for (number, line) in lines.enumerated() {
            let entry = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(entry["prompt"] as? String == "af63df4c8601f1a5")
            #expect(entry["status"] as? Int == 504 && entry["outcome"] as? String == "status")
            #expect(entry["attempt"] as? Int == number + 1)
            #expect(entry["second"] is Double && entry["model"] as? String == "m")
        }
        await simulator.stop()
    }

    @Test func `options change while it runs, all together or not at all, and a reset forgets`() async throws {
        let simulator = try simulator()
        let client = RawClient(port: simulator.port)
        client.post("/config?fail-status=403&words=5&model-latency=m%3D0")
        #expect(client.reply()?.status == 200)
        client.chat("x")
        #expect(client.reply()?.status == 403)
        client.post("/config?fail-status=0&words=many")
        let refused = client.reply()
        #expect(refused?.status == 400 && (refused?["error.message"] as? String)?.contains("words") == true)
        client.chat("x")
        #expect(client.reply()?.status == 403)
        #expect(await simulator.statistics.all.errors == 2)
        client.post("/reset")
        #expect(client.reply()?.status == 200)
        let statistics = await simulator.statistics
        #expect(statistics.all.requests == 0 && statistics.openConnections == 1 && statistics.connections == 1)
        await simulator.stop()
    }

    @Test func `a text in the request decides how that call ends, and no other`() async throws {
        let simulator = try simulator(("error-on", "400:left"), ("error-on", "endless:right"))
        let client = RawClient(port: simulator.port)
        client.chat("left")
        #expect(client.reply()?.status == 400)
        client.chat("middle")
        #expect(client.reply()?.status == 200)
        var settings = SimulatorSettings()
        #expect(throws: SimulatorError.self) { try settings.set("error-on", to: "burn:x") }
        await simulator.stop()
    }
}
