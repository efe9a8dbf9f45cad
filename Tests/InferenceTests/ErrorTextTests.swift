import Testing

@testable import Inference

struct ErrorTextTests {
    @Test func `a message is one line of at most 500 characters`() {
        #expect(ErrorText.shortened("  a\n\tb\u{0}  c ") == "a b c")
        let long = ErrorText.shortened(String(repeating: "é", count: 2_000))
        #expect(long.count == 500)
        #expect(long.last == "…")
        let exact = String(repeating: "x", count: 500)
        #expect(ErrorText.shortened(exact) == exact)
    }

    @Test func `what was sent is hidden wherever it comes back, and nothing else`() {
        let prompt = "Write a review of the red umbrella that I bought in Lisbon."
        #expect(
            ErrorText.hiding(prompt, in: "bad input: 'a review of the red umbrella that' at 7", runsOf: 20)
                == "bad input: '…' at 7")
        #expect(
            ErrorText.hiding(prompt, in: "bad input: the red umbrella", runsOf: 20) == "bad input: the red umbrella")
        #expect(ErrorText.hiding("short", in: "it was short", runsOf: 20) == "it was …")
        #expect(ErrorText.hiding("", in: "it was", runsOf: 20) == "it was")
        #expect(ErrorText.hiding(prompt, in: prompt + prompt, runsOf: 20) == "…")
    }

    @Test func `hiding agrees with a plain search on random texts`() {
        var state: UInt64 = 42
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<500 {
            let secret = (0..<random(30)).map { _ in ["a", "b"][random(2)] }.joined()
            let text = (0..<random(40)).map { _ in ["a", "b"][random(2)] }.joined()
            #expect(ErrorText.hiding(secret, in: text, runsOf: 5) == plainly(secret, text, 5), "\(secret) in \(text)")
        }
    }

    private func plainly(_ secret: String, _ text: String, _ length: Int) -> String {
        let (known, characters) = (Array(secret), Array(text))
        let length = min(length, known.count)
        guard length > 0, characters.count >= length else { return text }
        var hidden = [Bool](repeating: false, count: characters.count)
        for start in 0...(characters.count - length) {
            for place in 0...(known.count - length)
            where characters[start..<start + length].elementsEqual(known[place..<place + length]) {
                for index in start..<start + length { hidden[index] = true }
            }
        }
        var result = ""
        for (index, character) in characters.enumerated() {
            if !hidden[index] { result.append(character) } else if index == 0 || !hidden[index - 1] { result += "…" }
        }
        return result
    }
}
