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
        var rest = text
        while let start = rest.range(of: "<!--"), let end = rest.range(of: "-->", from: start.lowerBound) {
            rest.removeSubrange(start.lowerBound..<end.upperBound)
        }
        while let start = rest.range(of: "<"), let end = rest.range(of: ">", from: start.lowerBound) {
            rest.removeSubrange(start.lowerBound..<end.upperBound)
        }
        return HTMLEntities.unescape(PythonStrings.split(rest).joined(separator: " "))
    }
}

extension String {
    /// Where `other` first stands, compared byte by byte, from `start` on.
    func range(of other: String, from start: String.Index? = nil) -> Range<String.Index>? {
        let (haystack, needle) = (Array(utf8), Array(other.utf8))
        let offset = start.map { utf8.distance(from: utf8.startIndex, to: $0) } ?? 0
        guard let found = PythonStrings.find(needle, in: haystack, from: offset) else { return nil }
        let lower = utf8.index(utf8.startIndex, offsetBy: found)
        return lower..<utf8.index(lower, offsetBy: needle.count)
    }
}
