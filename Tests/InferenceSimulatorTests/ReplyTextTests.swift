import Testing

@testable import InferenceSimulation

struct ReplyTextTests {
    private let sentences = ReplyText()

    private func text(_ words: Int, _ hash: UInt64) -> String {
        var bytes: [UInt8] = []
        sentences.append(words: words, hash: hash, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `a text has exactly as many words as asked, in whole sentences without gaps`() {
        for words in 0...300 {
            let text = text(words, UInt64(words) &* 77)
            #expect(text.split(separator: " ", omittingEmptySubsequences: false).count == max(words, 1))
            #expect(words == 0 || text.hasSuffix("."))
            #expect(
                !text.contains("{") && !text.contains("  ") && !text.contains("a a")
                    && text.utf8.allSatisfy { $0 < 128 })
            for sentence in text.split(separator: ". ") { #expect(sentence.first?.isUppercase == true) }
        }
    }

    @Test func `the same hash gives the same text, and another one mostly another`() {
        #expect(text(32, 5) == text(32, 5))
        #expect(Set((0..<1000).map { text(32, $0) }).count == 1000)
    }

    @Test func `there is a pattern for every length, and a word for every slot`() {
        for length in 1...ReplyWords.longest {
            #expect(ReplyWords.patterns.contains { $0.split(separator: " ").count == length })
        }
        for pattern in ReplyWords.patterns {
            for slot in pattern.split(separator: "{").dropFirst() {
                #expect(ReplyWords.slots[String(slot.prefix { $0 != "}" })]?.isEmpty == false)
            }
        }
        for word in ReplyWords.slots.values.joined() {
            #expect(!word.contains(" ") && !"aeiou".contains(word.prefix(1)))
        }
    }
}
