import Testing

@testable import InferenceSimulation

struct ChatRequestTests {
    private func parse(_ json: String) -> ChatRequest? {
        let bytes = Array(json.utf8)
        return ChatRequest(bytes, 0..<bytes.count)
    }

    private func parse(messages: String) -> ChatRequest? { parse("{\"model\":\"m\",\"messages\":\(messages)}") }

    @Test func `the prompt is the last user message, whatever way it is written`() {
        let expected = Hash64.fnv1a(Array("añb".utf8))
        let ways = [
            #"[{"role":"user","content":"añb"}]"#, #"[{"role":"user","content":"a\u00f1b"}]"#,
            #"[{"content":[{"type":"text","text":"añ"},{"type":"text","text":"b"}],"role":"user"}]"#,
            #"[{"role":"user","content":"first"},{"role":"assistant","content":"x"},{"role":"user","content":"añb"}]"#,
            #"[{"role":"user","content":"añb"},{"role":"assistant","content":"not this"}]"#,
        ]
        for way in ways { #expect(parse(messages: way)?.promptHash == expected) }
    }

    @Test func `FNV-1a is the published one`() {
        #expect(Hash64.fnv1a([]) == 0xcbf2_9ce4_8422_2325)
        #expect(Hash64.fnv1a(Array("a".utf8)) == 0xaf63_dc4c_8601_ec8c)
        #expect(Hash64.fnv1a(Array("foobar".utf8)) == 0x8594_4171_f739_67e8)
    }

    @Test func `every message counts for the conversation, and the spelling does not`() {
        let base = parse(messages: #"[{"role":"system","content":"s"},{"role":"user","content":"é"}]"#)
        let spelled = parse(messages: #"[ {"content" : "s", "role":"system"}, {"role":"user","content":"\u00e9"} ]"#)
        #expect(base?.conversationHash == spelled?.conversationHash)
        let others = [
            #"[{"role":"system","content":"t"},{"role":"user","content":"é"}]"#, #"[{"role":"user","content":"é"}]"#,
            #"[{"role":"user","content":"s"},{"role":"system","content":"é"}]"#,
            #"[{"role":"system","content":"s"},{"role":"user","content":"é"},{"role":"user","content":""}]"#,
        ]
        let hashes = Set(others.compactMap { parse(messages: $0)?.conversationHash } + [base?.conversationHash ?? 0])
        #expect(hashes.count == others.count + 1)
    }

    @Test func `options are read`() {
        let chat = parse(#"{"stream":true,"max_tokens":7,"messages":[{"role":"user","content":"x"}],"model":"a\"b"}"#)
        #expect(chat?.streams == true && chat?.maximumTokens == 7 && chat?.model == "a\"b")
        let strict = parse(
            #"{"model":"m","messages":[{}],"response_format":{"type":"json_schema","json_schema":{"schema":{"type":"null"}}}}"#
        )
        #expect(strict?.schema == Array(#"{"type":"null"}"#.utf8))
        let loose = parse(#"{"model":"m","messages":[{}],"response_format":{"type":"json_object"}}"#)
        #expect(loose?.wantsJSON == true && loose?.schema == nil)
    }

    @Test(arguments: [
        "", "[]", "{}", "{\"model\":\"m\"}", "{\"messages\":[{}]}", "{\"model\":1,\"messages\":[{}]}",
        "{\"model\":\"m\",\"messages\":[]}", "{\"model\":\"m\",\"messages\":{}}", "{\"model\":\"m\",\"messages\":[{}",
    ])
    func `a body without model or messages is none`(_ json: String) { #expect(parse(json) == nil) }
}
