import Inference
import JSON
import Messages
import Testing

@testable import Generation

struct ConversationTests {
    private func conversation(
        record: Int64 = 0, _ fill: (inout WireTextSpec) -> Void = { _ in },
        model: (inout WireModelSpec) -> Void = { _ in }
    ) throws -> Conversation {
        var spec = WireColumnSpec()
        spec.name = "c"
        spec.seed = 7
        spec.model.model = "m"
        model(&spec.model)
        var text = WireTextSpec()
        text.prompt = "Ask."
        fill(&text)
        spec.text = text
        return try #require(try CompiledColumn(spec)).begin([], record: record)
    }

    private func reply(_ content: String, reasoning: String? = nil, finish: String = "stop") throws -> ModelReply {
        let message: JSONValue = [
            "content": .string(content), "reasoning_content": reasoning.map { .string($0) } ?? .null,
        ]
        let body: JSONValue = [
            "choices": [["message": message, "finish_reason": .string(finish)]],
            "usage": ["prompt_tokens": 3, "completion_tokens": 5],
        ]
        return try ModelReply(parsing: body.serializedBytes())
    }

    private func text(_ content: String) throws -> WireValue? {
        var conversation = try conversation()
        if case .value(let value) = conversation.receive(try reply(content)) { return value.value }
        return nil
    }

    private let integer = #"{"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}"#

    @Test func `a text is taken without the white space around it`() throws {
        #expect(try text("\n\t a b \u{a0}\u{2028}\u{1c}")?.text == "a b")
        #expect(try text("a")?.text == "a")
    }

    @Test(arguments: ["", "  \n"])
    func `an empty answer is a value`(content: String) throws {
        #expect(try text(content)?.kind == .text(""))
    }

    @Test func `a text that holds NUL travels as JSON, and comes back`() throws {
        let value = try #require(try text("a\0b"))
        #expect(value.kind == .json(#""a\u0000b""#))
        #expect(value.templateValue.stringValue == "a\0b")
    }

    @Test func `an interrupted conversation goes on elsewhere as it would have gone on here`() throws {
        func begin() throws -> Conversation {
            try conversation(record: 3) {
                $0.schema = integer
                $0.maxCorrections = 2
                $0.maxRestarts = 1
            } model: {
                $0.drawnTemperature.low = 0
                $0.drawnTemperature.high = 1
            }
        }
        var here = try begin()
        #expect(here.kept == nil)
        for _ in 0..<5 {
            _ = here.receive(try reply("nonsense", reasoning: "hm"))
            var there = try begin()
            there.goOn(from: try #require(here.kept))
            guard case .chat(let ours, let ourDraw) = here.ask, case .chat(let theirs, let theirDraw) = there.ask else {
                Issue.record("no chat")
                return
            }
            #expect(ours == theirs && ourDraw == theirDraw)
            #expect(there.usage.inputTokens == 0, "what was used elsewhere is counted there")
            #expect(there.restarts == here.restarts && there.corrections == here.corrections)
        }
        if case .failed = here.receive(try reply("nonsense")) { return }
        Issue.record("it went on for ever")
    }

    @Test func `instructions stand behind the prompt`() throws {
        let messages = try conversation { $0.codeLanguage = "python" }.messages
        guard case .text(let text)? = messages.first?.blocks.first else { return #expect(Bool(false)) }
        #expect(text.hasPrefix("Ask.\n\n* "))
        #expect(text.contains("```python"))
    }

    @Test func `a structured answer is a value of JSON`() throws {
        var conversation = try conversation { $0.schema = integer }
        guard case .value(let value) = conversation.receive(try reply("```json\n{\"x\": 1, 'n': 2,}\n```")) else {
            return #expect(Bool(false))
        }
        #expect(value.value.kind == .json(#"{"n":2}"#))
        #expect(value.sideValues.isEmpty)
    }

    /// How many requests a conversation makes whose every answer is bad.
    private func requests(restarts: UInt32, corrections: UInt32) throws -> Int {
        var conversation = try conversation {
            $0.schema = integer
            $0.maxRestarts = restarts
            $0.maxCorrections = corrections
        }
        for count in 1...100 {
            switch conversation.receive(try reply("nothing")) {
            case .request: continue
            case .failed(let failure):
                #expect(failure.kind == .parse)
                return count
            case .value: return -1
            }
        }
        return 100
    }

    @Test(arguments: [(0, 0, 1), (5, 0, 6), (0, 2, 3), (2, 1, 6), (1, 3, 8)])
    func `requests are at most those of all restarts and corrections`(
        restarts: UInt32, corrections: UInt32, count: Int
    ) throws {
        #expect(try requests(restarts: restarts, corrections: corrections) == count)
    }

    @Test func `a correction keeps the answer and says what is wrong, a restart begins anew`() throws {
        var conversation = try conversation {
            $0.schema = integer
            $0.maxRestarts = 1
            $0.maxCorrections = 1
        }
        let first = conversation.messages
        _ = conversation.receive(try reply(#"{"n": "x"}"#, reasoning: "hm"))
        #expect(conversation.messages.map(\.role) == [.user, .assistant, .user])
        #expect(conversation.messages[1] == ChatMessage(.assistant, [.text(#"{"n": "x"}"#)], reasoning: "hm"))
        guard case .text(let correction)? = conversation.messages[2].blocks.first else { return #expect(Bool(false)) }
        #expect(correction.contains("$.n") && correction.contains(#"{"type": "integer"}"#))
        _ = conversation.receive(try reply("still not"))
        #expect(conversation.messages == first)
        #expect((conversation.restarts, conversation.corrections) == (1, 0))
    }

    @Test func `tokens of all calls count, and an answer that was cut off says so`() throws {
        var conversation = try conversation {
            $0.schema = integer
            $0.maxRestarts = 1
        }
        _ = conversation.receive(try reply("no"))
        guard case .failed(let failure) = conversation.receive(try reply("{\"n\":", finish: "length")) else {
            return #expect(Bool(false))
        }
        #expect((conversation.usage.inputTokens, conversation.usage.outputTokens) == (6, 10))
        #expect(failure.message.hasSuffix("(it was cut off: raise max_tokens)"))
    }

    @Test func `a trace has the final conversation, with what was wrong in it`() throws {
        var conversation = try conversation {
            $0.schema = integer
            $0.systemPrompt = "Be brief."
            $0.maxCorrections = 1
            $0.trace = "all_messages"
            $0.extractsReasoning = true
        }
        _ = conversation.receive(try reply("no"))
        guard case .value(let value) = conversation.receive(try reply(#"{"n": 1}"#, reasoning: " because \n")) else {
            return #expect(Bool(false))
        }
        let trace = try JSONValue(parsing: value.sideValues[0].json)
        let roles = trace.arrayValue?.compactMap { $0["role"]?.stringValue }
        #expect(roles == ["system", "user", "assistant", "user", "assistant"])
        #expect(trace[0]?["content"] == [["type": "text", "text": "Be brief."]])
        #expect(trace[4]?["reasoning_content"] == " because \n")
        #expect(trace[0]?["reasoning_content"] == nil)
        #expect(value.sideValues[1].text == "because")
    }

    @Test func `the last message alone, and no reasoning, are side values too`() throws {
        var conversation = try conversation {
            $0.trace = "last_message"
            $0.extractsReasoning = true
        }
        guard case .value(let value) = conversation.receive(try reply("hi")) else { return #expect(Bool(false)) }
        #expect(value.sideValues[0].json == #"[{"role":"assistant","content":[{"type":"text","text":"hi"}]}]"#)
        #expect(value.sideValues[1].json == "null")
    }

    @Test func `drawn parameters depend on record, restart and correction, and on nothing else`() throws {
        func model(_ model: inout WireModelSpec) {
            model.drawnTemperature.low = 0.2
            model.drawnTemperature.high = 0.8
            model.drawnTopP.values = [0.5, 0.9]
            model.drawnTopP.weights = [0, 1]
        }
        func text(_ text: inout WireTextSpec) {
            text.schema = integer
            text.maxRestarts = 1
        }
        var one = try conversation(record: 1, text, model: model)
        let again = try conversation(record: 1, text, model: model)
        let two = try conversation(record: 2, text, model: model)
        #expect(one.drawn == again.drawn)
        #expect(one.drawn != two.drawn)
        #expect(one.drawn.topP == 0.9)
        let first = one.drawn
        _ = one.receive(try reply("no"))
        #expect(one.drawn.temperature != first.temperature)
        #expect((0.2..<0.8).contains(one.drawn.temperature ?? 0))
    }

    @Test func `a schema that cannot be used fails the column`() {
        #expect(throws: CallFailure.self) { try conversation { $0.schema = #"{"type": "strong"}"# } }
    }
}
