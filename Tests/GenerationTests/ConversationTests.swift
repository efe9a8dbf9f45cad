import Inference
import JSON
import Messages
import Testing

@testable import Generation

struct ConversationTests {
    private func value(_ body: String) throws -> WireValue? {
        var conversation = Conversation([ChatMessage(.user, "x")])
        let reply = try ChatReply(parsing: Array(body.utf8))
        if case .value(let value) = conversation.receive(reply) { return value }
        return nil
    }

    private func answer(_ content: String) throws -> WireValue? {
        try value(#"{"choices": [{"message": {"content": \#(content)}}]}"#)
    }

    @Test func `a text is taken without the white space around it`() throws {
        #expect(try answer(#""\n\t a b \u00a0\u2028\u001c""#)?.text == "a b")
        #expect(try answer(#""a""#)?.text == "a")
    }

    @Test(arguments: [#""""#, #""  \n""#, "null"])
    func `an empty answer is a value`(content: String) throws {
        #expect(try answer(content)?.kind == .text(""))
    }

    @Test func `a text that holds NUL travels as JSON, and comes back`() throws {
        let value = try #require(try answer(#""a\u0000b""#))
        #expect(value.kind == .json(#""a\u0000b""#))
        #expect(value.templateValue.stringValue == "a\0b")
    }
}
