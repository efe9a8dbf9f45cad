import JSON

/// HTML's special characters, as the reference's markup type escapes and reads them.
enum Markup {
    /// `&`, `<`, `>`, `'` and `"` as entities.
    static func escape(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 16)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): bytes.append(text: "&amp;")
            case UInt8(ascii: "<"): bytes.append(text: "&lt;")
            case UInt8(ascii: ">"): bytes.append(text: "&gt;")
            case UInt8(ascii: "'"): bytes.append(text: "&#39;")
            case UInt8(ascii: "\""): bytes.append(text: "&#34;")
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A value's text, escaped unless it is markup already.
    static func escaped(_ value: Value, _ evaluator: Evaluator) throws(TemplateError) -> String {
        if case .markup(let text) = value { return text }
        return escape(try evaluator.text(of: value))
    }

    /// The text without comments and tags, its white space collapsed and its entities read.
    static func strippingTags(_ text: String) -> String {
        let plain = withoutTags(withoutComments(Array(text.utf8)))
        let words = PythonStrings.split(String(decoding: plain, as: UTF8.self))
        return HTMLEntities.unescape(words.joined(separator: " "))
    }

    /// Comments are taken out one by one from the left; what closes up over one may begin another.
    private static func withoutComments(_ text: [UInt8]) -> [UInt8] {
        let (opening, closing) = (Array("<!--".utf8), Array("-->".utf8))
        var kept: [UInt8] = []
        var place = 0
        while place < text.count {
            kept.append(text[place])
            place += 1
            guard kept.suffix(4).elementsEqual(opening) else { continue }
            if place < text.count, text[place] == UInt8(ascii: ">") {
                // The dashes of the opening close it as well.
                place += 1
            } else if let end = PythonStrings.find(closing, in: text, from: place - 1),
                end >= place || text[place - 1] == UInt8(ascii: "-")
            {
                place = end + 3
            } else {
                return kept + text[place...]
            }
            kept.removeLast(4)
        }
        return kept
    }

    private static func withoutTags(_ text: [UInt8]) -> [UInt8] {
        var kept: [UInt8] = []
        var place = 0
        while place < text.count {
            if text[place] == UInt8(ascii: "<") {
                guard let end = text[place...].firstIndex(of: UInt8(ascii: ">")) else { return kept + text[place...] }
                place = end + 1
            } else {
                kept.append(text[place])
                place += 1
            }
        }
        return kept
    }
}
