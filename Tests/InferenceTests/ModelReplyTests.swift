import JSON
import Testing

@testable import Inference

struct ModelReplyTests {
    private func reply(_ text: String) throws -> ModelReply { try ModelReply(parsing: Array(text.utf8)) }

    @Test func `a reply has its text, its tokens and why it ended`() throws {
        let reply = try reply(
            #"{"id":"x","model":"m-2","choices":[{"index":0,"message":{"role":"assistant","content":" Yes.\n","#
                + #""reasoning_content":"Hm."},"finish_reason":"length"},{"message":{"content":"No."}}],"#
                + #""usage":{"prompt_tokens":12,"completion_tokens":34,"completion_tokens_details":"#
                + #"{"reasoning_tokens":5}}}"#)
        #expect(reply.text == " Yes.\n")
        #expect(reply.reasoning == "Hm.")
        #expect(reply.inputTokens == 12)
        #expect(reply.outputTokens == 34)
        #expect(reply.reasoningTokens == 5)
        #expect(reply.finishReason == "length")
        #expect(reply.model == "m-2")
    }

    @Test func `content may be a list of parts, null or missing`() throws {
        let parts = #"[{"type":"text","text":"a"},{"type":"image"},"b",{"type":"text","text":"c"}]"#
        #expect(try reply(#"{"choices":[{"message":{"content":\#(parts)}}]}"#).text == "a\nb\nc")
        #expect(try reply(#"{"choices":[{"message":{"content":null}}]}"#).text == "")
        #expect(try reply(#"{"choices":[{"message":{"role":"assistant"}}]}"#).text == "")
    }

    @Test func `reasoning has two names, and the first that says something counts`() throws {
        #expect(
            try reply(#"{"choices":[{"message":{"content":"","reasoning":"r","reasoning_content":"c"}}]}"#).reasoning
                == "r")
        #expect(
            try reply(#"{"choices":[{"message":{"content":"","reasoning":null,"reasoning_content":"c"}}]}"#).reasoning
                == "c")
        #expect(try reply(#"{"choices":[{"message":{"content":"","reasoning":""}}]}"#).reasoning == nil)
    }

    @Test func `tokens have two names and odd ones count as none`() throws {
        let usage = #""usage":{"input_tokens":7,"output_tokens":8.0}"#
        let reply = try reply(#"{"choices":[{"message":{"content":"x"}}],\#(usage)}"#)
        #expect((reply.inputTokens, reply.outputTokens) == (7, 8))
        let odd = #""usage":{"prompt_tokens":-1,"completion_tokens":"9"}"#
        let second = try self.reply(#"{"choices":[{"message":{"content":"x"},"logprobs":NaN}],\#(odd)}"#)
        #expect((second.inputTokens, second.outputTokens) == (0, 0))
    }

    @Test func `an Anthropic reply is read too`() throws {
        let reply = try reply(
            #"{"type":"message","role":"assistant","model":"c","content":[{"type":"thinking","thinking":"Hm."},"#
                + #"{"type":"text","text":"Yes."}],"stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":4}}"#
        )
        #expect(reply.text == "Yes.")
        #expect(reply.reasoning == "Hm.")
        #expect(reply.finishReason == "end_turn")
        #expect((reply.inputTokens, reply.outputTokens) == (3, 4))
    }

    @Test(arguments: [
        "", "{", "[]", "{}", "null", "\"text\"", #"{"choices":[]}"#, #"{"choices":[{}]}"#, #"{"choices":{}}"#,
        #"{"choices":[{"message":{"content":7}}]}"#, #"{"choices":[{"message":{"content":"cut of"#,
    ])
    func `what is no reply is refused`(_ text: String) {
        #expect(throws: (any Error).self) { try reply(text) }
    }
}
