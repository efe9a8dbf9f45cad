import CellValues
import Inference
import JSON
import Messages
import Testing

@testable import Generation

struct EmbeddingAndMediaTests {
    private func embedding(_ cell: WireValue) throws -> Conversation {
        var spec = WireColumnSpec()
        spec.name = "v"
        spec.inputs = ["t"]
        spec.embedding = WireEmbeddingSpec()
        return try #require(try CompiledColumn(spec)).begin([cell], record: 0)
    }

    private func json(_ text: String) -> WireValue {
        var value = WireValue()
        value.json = text
        return value
    }

    @Test(arguments: [
        (" one text ", ["one text"]), (#"["a ", "b"]"#, ["a", "b"]), ("['a', 'b',]", ["a", "b"]),
        (#"{"a": 1}"#, [#"{"a": 1}"#]), ("[]", []),
        ("", [""]), ("[1] not a list", ["[1] not a list"]),
    ])
    func `each element of a list is embedded, or the one text`(cell: String, inputs: [String]) throws {
        #expect(try embedding(WireValue(cellText: cell)).ask == .embeddings(inputs))
    }

    @Test func `a list that is JSON already is embedded by its elements`() throws {
        #expect(try embedding(json(#"["x", 2]"#)).ask == .embeddings(["x", "2"]))
    }

    @Test func `vectors come back in the order of their texts`() throws {
        var conversation = try embedding(json(#"["x", "y"]"#))
        let body = """
            {"data": [{"index": 1, "embedding": [0, -1.5]}, {"index": 0, "embedding": "AACAPwAAAEA="}],
             "usage": {"prompt_tokens": 4}}
            """
        guard case .reply(let reply) = CallOutcome.reading(body, of: conversation.ask),
            case .value(let value) = conversation.receive(reply)
        else { return #expect(Bool(false)) }
        #expect(value.value.json == #"{"embeddings":[[1.0,2.0],[0.0,-1.5]],"num_embeddings":2,"dimension":2}"#)
        #expect(conversation.usage.inputTokens == 4)
    }

    @Test(arguments: [
        #"{"data": [{"embedding": [1]}]}"#,
        #"{"data": [{"index": 0, "embedding": [1]}, {"index": 0, "embedding": [1]}]}"#,
        #"{"data": [{"embedding": []}, {"embedding": [1]}]}"#, #"{"data": [{"embedding": "!"}, {"embedding": [1]}]}"#,
        "{}",
    ])
    func `vectors that are not one for each text are no reply`(body: String) throws {
        let ask = try embedding(json(#"["x", "y"]"#)).ask
        guard case .failed(let failure) = CallOutcome.reading(body, of: ask) else { return #expect(Bool(false)) }
        #expect(failure.kind == .malformedReply)
    }

    // MARK: Media

    private static let png = "iVBORw0KGgo="

    private func blocks(_ cell: WireValue, _ fill: (inout WireMediaContext) -> Void) throws -> [ChatMessage.Block] {
        var spec = WireColumnSpec()
        spec.name = "c"
        spec.inputs = ["m"]
        var text = WireTextSpec()
        text.prompt = "Look."
        var context = WireMediaContext()
        context.column = "m"
        context.modality = "image"
        fill(&context)
        text.context = [context]
        spec.text = text
        let ask = try #require(try CompiledColumn(spec)).begin([cell], record: 0).ask
        guard case .chat(let messages, _) = ask else { return [] }
        return messages[0].blocks
    }

    private func image(_ source: MediaBlock.Source) -> [ChatMessage.Block] {
        [.media(MediaBlock(.image, source)), .text("Look.")]
    }

    @Test func `images stand before the text, one for each element`() throws {
        let one = try blocks(WireValue(cellText: "https://x/y.png")) { _ in }
        #expect(one == image(.url("https://x/y.png")))
        let two = try blocks(WireValue(cellText: #"["https://x/a", "https://x/b"]"#)) { $0.dataType = "url" }
        #expect(two.count == 3)
    }

    @Test func `base64 is told by its first bytes, its format or its data URI`() throws {
        let wanted = image(.base64(mediaType: "image/png", data: Self.png))
        #expect(try blocks(WireValue(cellText: Self.png)) { _ in } == wanted)
        #expect(try blocks(WireValue(cellText: "data:image/png;base64,\(Self.png)")) { _ in } == wanted)
        #expect(try blocks(WireValue(cellText: "\n [\"\(Self.png)\"]")) { _ in } == wanted)
        let jpeg = try blocks(WireValue(cellText: Self.png)) {
            $0.dataType = "base64"
            $0.format = "jpg"
        }
        #expect(jpeg == image(.base64(mediaType: "image/jpeg", data: Self.png)))
        let sound = try blocks(WireValue(cellText: "AAAA")) {
            $0.modality = "audio"
            $0.format = "mp3"
        }
        #expect(sound[0] == .media(MediaBlock(.audio, .base64(mediaType: "audio/mpeg", data: "AAAA"))))
    }

    @Test(arguments: ["no base64!", "AAAA", "data:image/tiff;base64,AAAA", ""])
    func `what is no image fails its cell`(cell: String) {
        #expect(throws: CallFailure.self) { try blocks(WireValue(cellText: cell)) { _ in } }
    }
}

extension CallOutcome {
    fileprivate static func reading(_ body: String, of ask: ModelAsk) -> CallOutcome {
        CallOutcome(reading: Array(body.utf8), of: ask)
    }
}
