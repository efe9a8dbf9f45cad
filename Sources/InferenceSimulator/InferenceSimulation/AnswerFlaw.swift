/// What is wrong with an answer that should be JSON or code.
package enum AnswerFlaw: String, CaseIterable, Sendable {
    // What a repairing reader mends.
    /// A comma behind the last member.
    case trailingComma = "trailing-comma"
    case singleQuotes = "single-quotes"
    case comment
    /// The last brackets are missing, and the fence's end.
    case truncated
    /// A member that no schema declares.
    case extraMember = "extra-member"
    /// A sentence before the fence and one behind it.
    case prose

    // What nobody can use.
    /// A sentence before JSON without a fence.
    case noFence = "no-fence"
    /// A fence marked as something else.
    case wrongLanguage = "wrong-language"
    /// JSON of another shape.
    case wrongShape = "wrong-shape"
    case empty

    /// The content with this flaw, of an answer in a fence.
    func apply(to body: [UInt8], language: [UInt8], into content: inout [UInt8]) {
        func fenced(_ body: [UInt8], _ language: [UInt8]) {
            content.append("```")
            content.append(contentsOf: language)
            content.append("\n")
            content.append(contentsOf: body)
            content.append("\n```")
        }
        var changed = body
        switch self {
        case .trailingComma:
            if changed.last == UInt8(ascii: "}") { changed.insert(UInt8(ascii: ","), at: changed.count - 1) }
            fenced(changed, language)
        case .singleQuotes: fenced(body.map { $0 == UInt8(ascii: "\"") ? UInt8(ascii: "'") : $0 }, language)
        case .comment:
            if changed.first == UInt8(ascii: "{") { changed.insert(contentsOf: Array("// here it is\n".utf8), at: 1) }
            fenced(changed, language)
        case .truncated:
            content.append("```")
            content.append(contentsOf: language)
            content.append("\n")
            while let last = changed.last, last == UInt8(ascii: "}") || last == UInt8(ascii: "]") {
                changed.removeLast()
            }
            content.append(contentsOf: changed)
        case .extraMember:
            if changed.first == UInt8(ascii: "{") {
                let isEmpty = changed.count == 2
                let member: StaticString = isEmpty ? "\"undeclared\": 1" : "\"undeclared\": 1, "
                var text: [UInt8] = []
                text.append(member)
                changed.insert(contentsOf: text, at: 1)
            }
            fenced(changed, language)
        case .prose:
            content.append("Sure, here is what you asked for:\n\n")
            fenced(body, language)
            content.append("\n\nTell me if anything is missing.")
        case .noFence:
            content.append("Sure: ")
            content.append(contentsOf: body)
        case .wrongLanguage: fenced(body, Array("text".utf8))
        case .wrongShape: fenced(Array("[[]]".utf8), Array("jsonl".utf8))
        case .empty: break
        }
    }
}
