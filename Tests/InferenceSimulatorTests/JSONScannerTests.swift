import Testing

@testable import InferenceSimulation

struct JSONScannerTests {
    private func decoded(_ json: String) -> String {
        let bytes = Array(json.utf8)
        var text: [UInt8] = []
        JSONScanner(bytes, 0..<bytes.count).decode(0..<bytes.count, into: &text)
        return String(decoding: text, as: UTF8.self)
    }

    @Test(arguments: [
        (#""""#, ""), (#""plain""#, "plain"), (#""q\"u\\o\/""#, "q\"u\\o/"), (#""\n\t\r\b\f""#, "\n\t\r\u{8}\u{c}"),
        (#""\u00e9\u65e5""#, "é日"), (#""\ud83d\ude00!""#, "😀!"), (#""é日😀""#, "é日😀"), (#""\ud83d""#, "\u{fffd}"),
        (#""\ud83dx""#, "\u{fffd}x"), (#""\ude00""#, "\u{fffd}"), (#""\u12""#, ""), (#""a\\""#, "a\\"),
    ])
    func `strings are decoded`(_ json: String, _ text: String) { #expect(decoded(json) == text) }

    @Test func `a member is found by its name at the top level only`() throws {
        let bytes = Array(#" {"a": {"b": "no\\"}, "x\"}": [1, {"b": 2}], "b" : "\\\"}" , "c": -1.5e3}"#.utf8)
        let scanner = JSONScanner(bytes, 0..<bytes.count)
        let root = try #require(scanner.value(at: 0))
        let b = try #require(scanner.member("b", of: root))
        #expect(String(decoding: bytes[b], as: UTF8.self) == #""\\\"}""#)
        let c = try #require(scanner.member("c", of: root))
        #expect(scanner.number(c) == -1500)
        #expect(scanner.member("missing", of: root) == nil)
        #expect(scanner.member("b", of: b) == nil)
    }

    @Test func `elements are listed, and none of what is no array`() {
        let bytes = Array(#"[ 1 , "a,b" , [2,3] , {} ,null]"#.utf8)
        let scanner = JSONScanner(bytes, 0..<bytes.count)
        let elements = scanner.elements(of: 0..<bytes.count).map { String(decoding: bytes[$0], as: UTF8.self) }
        #expect(elements == ["1", "\"a,b\"", "[2,3]", "{}", "null"])
        let empty = Array("[ ]".utf8)
        #expect(JSONScanner(empty, 0..<3).elements(of: 0..<3).isEmpty)
    }

    @Test func `text that ends anywhere is survived`() {
        let whole = Array(#"{"model":"m\u00e9","messages":[{"role":"user","content":[{"text":"\ud83d\ude00"}]}]}"#.utf8)
        for end in 0..<whole.count {
            #expect(ChatRequest(Array(whole[..<end]), 0..<end) == nil)
        }
        #expect(ChatRequest(whole, 0..<whole.count)?.model == "mé")
    }
}
