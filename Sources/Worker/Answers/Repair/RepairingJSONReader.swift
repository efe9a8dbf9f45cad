package import JSON

/// Reads JSON as models write it: what is broken is mended rather than refused.
///
/// Mended are: text around the value, comments (`//`, `#`, `/* */`), single and typographic quotes, keys and words
/// without quotes, Python's `True`, `False` and `None`, commas that are missing or too many, quotes inside texts that
/// are not escaped, line breaks in texts, `...` in lists, unknown escapes, numbers as people write them, brackets of
/// the wrong kind, and an end that comes too early. Several values one after the other are a list of them.
///
/// The time is linear in the text but for what is looked ahead at a quote, which is bounded.
package struct RepairingJSONReader {
    static let deepest = 200
    /// How far the reader looks ahead to see what a quote means.
    static let lookahead = 512

    let bytes: [UInt8]
    var at = 0
    var depth = 0
    /// Texts that ran to the end of everything and were cut at their first quote instead.
    var cutTexts = 0

    /// What a text says, as well as can be told; an empty text where there is no JSON at all.
    ///
    /// - Returns: nil for a text that nests deeper than any answer would.
    package static func read(_ text: String) -> JSONValue? {
        if let value = try? JSONValue(parsing: text, options: .python) { return value }
        var reader = RepairingJSONReader(bytes: Array(text.utf8))
        return reader.readAll()
    }

    private mutating func readAll() -> JSONValue? {
        var values: [JSONValue] = []
        while seekContainer() {
            guard let value = container() else { return nil }
            values.append(value)
        }
        switch values.count {
        case 0: return .string("")
        case 1: return values[0]
        default: return .array(values)
        }
    }

    /// Moves to the next bracket that opens, outside of comments.
    private mutating func seekContainer() -> Bool {
        while at < bytes.count {
            if skipComment() { continue }
            if bytes[at] == UInt8(ascii: "{") || bytes[at] == UInt8(ascii: "[") { return true }
            at += 1
        }
        return false
    }

    var next: UInt8 { at < bytes.count ? bytes[at] : 0 }
    var isAtEnd: Bool { at >= bytes.count }

    mutating func container() -> JSONValue? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { return nil }
        return next == UInt8(ascii: "{") ? object() : array()
    }

    private mutating func object() -> JSONValue? {
        at += 1
        var object = JSONObject()
        while true {
            skipSpace()
            while next == UInt8(ascii: ",") || next == UInt8(ascii: ";") {
                at += 1
                skipSpace()
            }
            if isAtEnd { break }
            if next == UInt8(ascii: "}") {
                at += 1
                break
            }
            // A list's end: the object's own is missing.
            if next == UInt8(ascii: "]") {
                if depth == 1 { at += 1 }
                break
            }
            let start = at
            let key = key()
            skipSpace()
            if next == UInt8(ascii: ":") || next == UInt8(ascii: "=") {
                at += 1
                if next == UInt8(ascii: ">") { at += 1 }
                skipSpace()
                guard let value = value(in: .object) else { return nil }
                object[key] = value
            } else if !key.isEmpty, !isAtEnd, next != UInt8(ascii: ","), next != UInt8(ascii: "}") {
                // Its colon is missing.
                guard let value = value(in: .object) else { return nil }
                object[key] = value
            } else if !key.isEmpty {
                object[key] = .string("")
            }
            if at == start { at += 1 }
        }
        return .object(object)
    }

    private mutating func array() -> JSONValue? {
        at += 1
        var elements: [JSONValue] = []
        while true {
            skipSpace()
            if isAtEnd { break }
            if next == UInt8(ascii: "]") {
                at += 1
                break
            }
            if next == UInt8(ascii: "}") {
                // An object's end: the list's own is missing.
                if depth == 1 { at += 1 }
                break
            }
            if next == UInt8(ascii: ",") {
                at += 1
                continue
            }
            let start = at
            guard let value = value(in: .array) else { return nil }
            if value != .string("...") || bytes[start] == UInt8(ascii: "\"") { elements.append(value) }
            if at == start { at += 1 }
        }
        return .array(elements)
    }

    enum Place {
        case key, object, array
    }

    mutating func value(in place: Place) -> JSONValue? {
        switch next {
        case UInt8(ascii: "{"), UInt8(ascii: "["): return container()
        default:
            if let quote = quote(at: at) { return .string(text(quote, in: place)) }
            return word(in: place)
        }
    }

    // MARK: What does not count

    mutating func skipSpace() {
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x0A, 0x0D, 0x09: at += 1
            case 0xC2 where at + 1 < bytes.count && bytes[at + 1] == 0xA0: at += 2
            default: if !skipComment() { return }
            }
        }
    }

    /// Skips a comment that begins here.
    mutating func skipComment() -> Bool {
        guard let end = commentEnd(from: at) else { return false }
        at = end
        return true
    }

    func commentEnd(from start: Int) -> Int? {
        guard start < bytes.count else { return nil }
        let isHash = bytes[start] == UInt8(ascii: "#")
        guard isHash || (bytes[start] == UInt8(ascii: "/") && start + 1 < bytes.count) else { return nil }
        if isHash || bytes[start + 1] == UInt8(ascii: "/") {
            var end = start
            while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
            return end
        }
        guard bytes[start + 1] == UInt8(ascii: "*") else { return nil }
        var end = start + 2
        while end + 1 < bytes.count, bytes[end] != UInt8(ascii: "*") || bytes[end + 1] != UInt8(ascii: "/") { end += 1 }
        return min(end + 2, bytes.count)
    }

    /// The first place from `start` on that is neither white space nor comment.
    func pastSpace(_ start: Int) -> Int {
        var place = start
        while place < bytes.count {
            switch bytes[place] {
            case 0x20, 0x0A, 0x0D, 0x09: place += 1
            default:
                guard let end = commentEnd(from: place) else { return place }
                place = end
            }
        }
        return place
    }
}
