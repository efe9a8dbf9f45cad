import Testing

@testable import InferenceSimulation

/// The server over its sockets.
struct SimulatorServerTests {
    private func simulator(_ options: (String, String)...) throws -> InferenceSimulator {
        var settings = SimulatorSettings()
        for (name, value) in options { try settings.set(name, to: value) }
        return try InferenceSimulator(settings)
    }

    private func echo(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.append("echo=")
        bytes.append(hex: Hash64.fnv1a(Array(text.utf8)))
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Replies

    @Test func `a reply has OpenAI's shape, the echo and usage`() async throws {
        let simulator = try simulator(("words", "20"))
        let client = RawClient(port: simulator.port)
        client.chat("hello", model: "my/model")
        let reply = try #require(client.reply())
        #expect(reply.status == 200)
        #expect(reply["object"] as? String == "chat.completion")
        #expect(reply["model"] as? String == "my/model")
        #expect(reply["choices.0.message.role"] as? String == "assistant")
        #expect(reply["choices.0.finish_reason"] as? String == "stop")
        let content = try #require(reply.content)
        #expect(content.hasSuffix(" " + echo("hello")))
        #expect(content.split(separator: " ").count == 21)
        let prompt = try #require(reply["usage.prompt_tokens"] as? Int)
        let completion = try #require(reply["usage.completion_tokens"] as? Int)
        #expect(prompt > 0 && completion > 20 && reply["usage.total_tokens"] as? Int == prompt + completion)
        await simulator.stop()
    }

    @Test func `a reply depends on seed, model, every message and length, and on nothing else`() async throws {
        func content(_ options: [(String, String)], model: String = "m", prompt: String = "p") async throws -> String {
            var settings = SimulatorSettings()
            for (name, value) in options { try settings.set(name, to: value) }
            let simulator = try InferenceSimulator(settings)
            let client = RawClient(port: simulator.port)
            client.chat("something before", model: "other")
            client.chat(prompt, model: model)
            _ = client.reply()
            let content = try #require(client.reply()?.content)
            await simulator.stop()
            return content
        }
        let first = try await content([])
        #expect(try await content([("latency-ms", "2"), ("keep-requests", "3")]) == first)
        let others = try await [
            content([("seed", "2")]), content([], model: "n"), content([], prompt: "q"), content([("words", "31")]),
        ]
        #expect(Set(others + [first]).count == 5)
        #expect(try await !content([("prompt-echo", "0")]).contains("echo="))
    }

    @Test func `max_tokens cuts a reply short and says so`() async throws {
        let simulator = try simulator()
        let client = RawClient(port: simulator.port)
        client.post(
            "/v1/chat/completions", #"{"model":"m","max_tokens":5,"messages":[{"role":"user","content":"x"}]}"#)
        let reply = try #require(client.reply())
        #expect(reply["choices.0.finish_reason"] as? String == "length")
        #expect(reply["usage.completion_tokens"] as? Int == 5)
        #expect(reply.content?.split(separator: " ").count == 6)
        await simulator.stop()
    }

    @Test func `a schema in the prompt is answered in a fence, one in the request without`() async throws {
        let simulator = try simulator()
        let client = RawClient(port: simulator.port)
        let schema = #"{"type":"object","properties":{"a":{"type":"string"}}}"#
        client.chat("like " + schema.replacing("\"", with: "\\\""))
        let fenced = try #require(client.reply()?.content)
        #expect(fenced.hasPrefix("```json\n{\"a\": \"echo=") && fenced.hasSuffix("\"}\n```"))
        client.post(
            "/v1/chat/completions",
            #"{"model":"m","messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema","#
                + #""json_schema":{"name":"s","schema":\#(schema)}}}"#)
        #expect(try #require(client.reply()?.content) == "{\"a\": \"\(echo("x"))\"}")
        await simulator.stop()
    }

    @Test func `embeddings depend on their text only`() async throws {
        let simulator = try simulator()
        let client = RawClient(port: simulator.port)
        client.post("/v1/embeddings", #"{"model":"e","input":["a","b"],"dimensions":7}"#)
        let both = try #require(client.reply())
        client.post("/v1/embeddings", #"{"model":"e","input":"b"}"#)
        let one = try #require(client.reply())
        let second = try #require(both["data.1.embedding"] as? [Double])
        let alone = try #require(one["data.0.embedding"] as? [Double])
        #expect(second.count == 7 && alone.count == 32 && Array(alone[..<7]) == second)
        #expect(second != both["data.0.embedding"] as? [Double])
        await simulator.stop()
    }

    @Test func `other routes answer`() async throws {
        let simulator = try simulator(("model", "listed"), ("max-concurrency", "4"))
        let client = RawClient(port: simulator.port)
        client.chat("x", model: "called")
        _ = client.reply()
        for path in ["/health", "/v1/models", "/metrics", "/stats", "/stats?model=called", "/nope"] {
            client.send("GET \(path) HTTP/1.1\r\n\r\n")
        }
        #expect(client.reply()?.status == 200)
        let models = client.reply()
        #expect(models?["data.0.id"] as? String == "called" && models?["data.1.id"] as? String == "listed")
        let metrics = try #require(client.reply()?.body)
        #expect(metrics.contains("\nvllm:num_requests_running{engine=\"0\",model_name=\"listed\"} 0\n"))
        #expect(metrics.contains("{engine=\"0\",finished_reason=\"stop\",model_name=\"called\"} 1\n"))
        let stats = client.reply()
        #expect(stats?["ok"] as? Int == 1 && stats?["connections"] as? Int == 1)
        #expect(stats?["models.called.requests"] as? Int == 1)
        #expect(client.reply()?["ok"] as? Int == 1)
        #expect(client.reply()?.status == 404)
        await simulator.stop()
    }

    @Test func `bad calls are refused in OpenAI's shape, and the connection goes on`() async throws {
        let simulator = try simulator()
        let client = RawClient(port: simulator.port)
        client.post("/v1/chat/completions", "{\"model\":\"m\"}")
        client.post("/v1/chat/completions", #"{"model":"m","messages":[{"role":"user"}],"stream":true}"#)
        for _ in 0..<2 {
            let reply = try #require(client.reply())
            #expect(reply.status == 400)
            #expect(reply["error.type"] as? String == "invalid_request_error")
        }
        client.chat("x")
        #expect(client.reply()?.status == 200)
        #expect(await simulator.statistics.badRequests == 2)
        await simulator.stop()
    }

    // MARK: Connections

    @Test func `replies to requests sent together come in their order, fast ones after slow ones`() async throws {
        let simulator = try simulator(("model-latency", "slow=30"))
        let client = RawClient(port: simulator.port)
        for number in 0..<600 { client.chat("prompt \(number)", model: number.isMultiple(of: 100) ? "slow" : "m") }
        for number in 0..<600 { #expect(client.reply()?.content?.hasSuffix(echo("prompt \(number)")) == true) }
        await simulator.stop()
    }

    @Test func `a client that reads late does not make the server hold everything`() async throws {
        let simulator = try simulator(("words", "5000"))
        let client = RawClient(port: simulator.port)
        for number in 0..<400 { client.chat("prompt \(number)") }
        for number in 0..<400 { #expect(client.reply()?.content?.hasSuffix(echo("prompt \(number)")) == true) }
        #expect(await simulator.statistics.all.ok == 400)
        await simulator.stop()
    }

    @Test func `chunked bodies, leave to go on, and a last request are understood`() async throws {
        let simulator = try simulator()
        let client = RawClient(port: simulator.port)
        let body = #"{"model":"m","messages":[{"role":"user","content":"in parts"}]}"#
        client.send("POST /v1/chat/completions HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
        for part in body { client.send("1\r\n\(part)\r\n") }
        client.send("0\r\n\r\n")
        #expect(client.reply()?.content?.hasSuffix(echo("in parts")) == true)
        client.send(
            "POST /v1/chat/completions HTTP/1.1\r\nExpect: 100-continue\r\nConnection: close\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n")
        #expect(client.reply()?.status == 100)
        client.send(body)
        let last = client.reply()
        #expect(last?.status == 200 && last?.headers["connection"] == "close")
        #expect(client.rest() == "")
        await simulator.stop()
    }

    @Test func `what is no request is refused and the connection closed`() async throws {
        let simulator = try simulator()
        let client = RawClient(port: simulator.port)
        client.send("what is this\r\n\r\n" + String(repeating: "more ", count: 100_000))
        let reply = client.reply()
        #expect(reply?.status == 400 && reply?.headers["connection"] == "close")
        #expect(client.rest() == "" && !client.wasReset)
        await simulator.stop()
    }

    @Test func `a port that is taken is said to be`() async throws {
        let simulator = try simulator()
        var settings = SimulatorSettings()
        settings.port = simulator.port
        #expect { try InferenceSimulator(settings) } throws: { ($0 as? SimulatorError)?.code == .cannotListen }
        settings.host = "host.invalid"
        #expect { try InferenceSimulator(settings) } throws: { ($0 as? SimulatorError)?.code == .cannotListen }
        await simulator.stop()
    }

    // MARK: Rows and code

    @Test func `rows are answered in their order, each by what it holds`() async throws {
        let simulator = try simulator()
        let client = RawClient(port: simulator.port)
        client.post("/rows", #"{"columns":["a","b c"],"params":{},"data":[{"x":1},{"x":[2]}]}"#)
        let reply = try #require(client.reply())
        let (first, second) = (echo(#"{"x":1}"#), echo(#"{"x":[2]}"#))
        #expect(
            reply.body == #"{"data":[{"a":"\#(first)","b c":"\#(first)"},{"a":"\#(second)","b c":"\#(second)"}]}"#)
        client.post("/rows", #"{"data":[{"x":1}]}"#)
        let verdict = try #require(client.reply()).body
        #expect(verdict.hasSuffix(#","checked":"\#(first)"}]}"#) && verdict.hasPrefix(#"{"data":[{"is_valid":"#))
        client.post("/rows", #"{"data":3}"#)
        #expect(client.reply()?.status == 400)
        #expect(simulator.endpoint.hasSuffix("/v1") && simulator.rowsEndpoint.hasSuffix("/rows"))
        await simulator.stop()
    }

    @Test func `some code cannot be parsed, the same for the same prompt`() async throws {
        let simulator = try simulator(("invalid-code-rate", "0.4"))
        let client = RawClient(port: simulator.port)
        func code(_ prompt: String) -> String {
            let instructions = "\\n\\n* Answer in code, in `sql`.\\n* Put the code into one Markdown fence: ```sql"
            client.chat(prompt + instructions, model: "m")
            return client.reply()?.content ?? ""
        }
        let answers = (0..<60).map { code("Query \($0)") }
        let broken = answers.filter { $0.contains(",, AS") }
        #expect((8...45).contains(broken.count), "\(broken.count): \(answers[0])")
        #expect((0..<60).map { code("Query \($0)") } == answers)
        await simulator.stop()
    }
}
