import JSON

extension RepairingJSONReader {
    /// What kind of quote opens a text.
    struct Quote {
        let opening: [UInt8]
        /// Each of these ends it.
        let closings: [[UInt8]]
    }

    private static let quotes: [Quote] = [
        Quote(opening: [0x22], closings: [[0x22]]),
        Quote(opening: [0x27], closings: [[0x27]]),
        Quote(opening: [0xE2, 0x80, 0x9C], closings: [[0xE2, 0x80, 0x9D], [0x22]]),
        Quote(opening: [0xE2, 0x80, 0x9D], closings: [[0xE2, 0x80, 0x9D], [0x22]]),
        Quote(opening: [0xE2, 0x80, 0x98], closings: [[0xE2, 0x80, 0x99], [0x27]]),
        Quote(opening: [0x60], closings: [[0x60]]),
    ]

    func quote(at place: Int) -> Quote? {
        guard place < bytes.count else { return nil }
        let byte = bytes[place]
        guard byte == 0x22 || byte == 0x27 || byte == 0xE2 || byte == 0x60 else { return nil }
        return Self.quotes.first { bytes[place...].starts(with: $0.opening) }
    }

    mutating func key() -> String {
        if let quote = quote(at: at) { return text(quote, in: .key) }
        var end = at
        while end < bytes.count {
            let byte = bytes[end]
            if byte == UInt8(ascii: ":") || byte == UInt8(ascii: "=") || byte == UInt8(ascii: ",")
                || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "{") || byte == 0x0A || byte == 0x22
            {
                break
            }
            end += 1
        }
        defer { at = end }
        return trimmed(at..<end)
    }

    /// The text whose opening quote is here.
    mutating func text(_ quote: Quote, in place: Place) -> String {
        at += quote.opening.count
        let start = at
        var text: [UInt8] = []
        /// Where the first quote was that did not look like the end, and how long the text was there.
        var firstQuote: (at: Int, length: Int, next: Int)?
        while at < bytes.count {
            let byte = bytes[at]
            if byte == UInt8(ascii: "\\") {
                escape(into: &text)
                continue
            }
            if let closing = quote.closings.first(where: { bytes[at...].starts(with: $0) }) {
                let behind = at + closing.count
                if isEnd(behind, in: place) || (cutTexts > 64) {
                    at = behind
                    return String(decoding: text, as: UTF8.self)
                }
                if firstQuote == nil { firstQuote = (at, text.count, behind) }
            }
            text.append(byte)
            at += 1
        }
        // It ran to the end: either it was cut off there, or a quote before was its end after all.
        if let firstQuote, start < firstQuote.at || place == .key {
            cutTexts += 1
            at = firstQuote.next
            skipJunk(in: place)
            return String(decoding: text[..<firstQuote.length], as: UTF8.self)
        }
        while let last = text.last, last == 0x20 || (last >= 0x09 && last <= 0x0D) { text.removeLast() }
        return String(decoding: text, as: UTF8.self)
    }

    /// Behind a text that ended where nothing allows it: up to what can follow.
    private mutating func skipJunk(in place: Place) {
        guard place != .key else { return }
        while at < bytes.count, bytes[at] != UInt8(ascii: ","), bytes[at] != UInt8(ascii: "}"),
            bytes[at] != UInt8(ascii: "]")
        {
            at += 1
        }
    }

    /// Whether a quote that ends before `place` is a text's end, by what follows it.
    private func isEnd(_ start: Int, in place: Place) -> Bool {
        let next = pastSpace(start)
        guard next < bytes.count else { return true }
        switch bytes[next] {
        case UInt8(ascii: ":"): return place == .key
        case UInt8(ascii: "}"), UInt8(ascii: "]"): return place != .key && isEndOfContainer(next)
        case UInt8(ascii: ","): return place != .key && isNextMember(next + 1, in: place)
        default:
            // Its comma is missing: the next text must be a key, or any text in a list.
            guard place != .key, let quote = quote(at: next) else { return false }
            return place == .array ? next > start : isKey(next, quote)
        }
    }

    private func isEndOfContainer(_ bracket: Int) -> Bool {
        let next = pastSpace(bracket + 1)
        guard next < bytes.count, depth > 1 else { return true }
        let byte = bytes[next]
        return byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
            || quote(at: next) != nil || byte == UInt8(ascii: "{")
    }

    /// Whether a comma's continuation can be the next member or element.
    func isNextMember(_ start: Int, in place: Place) -> Bool {
        let next = pastSpace(start)
        guard next < bytes.count else { return true }
        let byte = bytes[next]
        if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: ",") { return true }
        if place == .array {
            if quote(at: next) != nil || byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { return true }
            if byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || (byte >= 0x30 && byte <= 0x39) { return true }
            return ["true", "false", "null", "True", "False", "None"].contains { bytes[next...].starts(with: $0.utf8) }
        }
        if let quote = quote(at: next) { return isKey(next, quote) }
        var end = next
        while end < bytes.count, end - next < 80, isWordByte(bytes[end]) { end += 1 }
        let colon = pastSpace(end)
        return end > next && colon < bytes.count && bytes[colon] == UInt8(ascii: ":") && !isDigits(next..<end)
    }

    /// Whether the quoted text here is followed by a colon.
    private func isKey(_ start: Int, _ quote: Quote) -> Bool {
        var place = start + quote.opening.count
        let limit = min(bytes.count, place + Self.lookahead)
        while place < limit {
            if bytes[place] == UInt8(ascii: "\\") {
                place += 2
                continue
            }
            if let closing = quote.closings.first(where: { bytes[place...].starts(with: $0) }) {
                let colon = pastSpace(place + closing.count)
                return colon < bytes.count && bytes[colon] == UInt8(ascii: ":")
            }
            place += 1
        }
        // Cut off inside the key.
        return limit == bytes.count
    }

    private mutating func escape(into text: inout [UInt8]) {
        at += 1
        guard at < bytes.count else { return }
        let kind = bytes[at]
        at += 1
        switch kind {
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "'"), 0x0A: text.append(kind)
        case UInt8(ascii: "u"):
            guard let first = hexadecimal() else {
                text.append(UInt8(ascii: "\\"))
                text.append(kind)
                return
            }
            var scalar = Unicode.Scalar(first)
            if (0xD800..<0xDC00).contains(first), bytes[at...].starts(with: "\\u".utf8) {
                let start = at
                at += 2
                if let second = hexadecimal(), (0xDC00..<0xE000).contains(second) {
                    scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
                } else {
                    at = start
                }
            }
            text.append(contentsOf: String(Character(scalar ?? "\u{FFFD}")).utf8)
        default:
            text.append(UInt8(ascii: "\\"))
            text.append(kind)
        }
    }

    private mutating func hexadecimal() -> UInt32? {
        guard at + 4 <= bytes.count,
            bytes[at..<(at + 4)].allSatisfy({ ($0 >= 0x30 && $0 <= 0x39) || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x66) }),
            let value = UInt32(String(decoding: bytes[at..<(at + 4)], as: UTF8.self), radix: 16)
        else { return nil }
        at += 4
        return value
    }

    // MARK: Words

    /// A value without quotes: a number, a word of JSON or Python, or text.
    mutating func word(in place: Place) -> JSONValue {
        let start = at
        while at < bytes.count {
            let byte = bytes[at]
            if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") || byte == 0x0A { break }
            if byte == UInt8(ascii: ","), place == .array || isNextMember(at + 1, in: place) { break }
            if byte == UInt8(ascii: "\""), at > start { break }
            if byte == UInt8(ascii: ":"), place == .array { break }
            if byte == 0x20 || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "#"), isWordOver(start) { break }
            at += 1
        }
        let text = trimmed(start..<at)
        switch text {
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        case "null", "None", "NULL": return .null
        case "NaN": return .number(.nan)
        case "Infinity": return .number(.infinity)
        case "-Infinity": return .number(-.infinity)
        default: return Self.number(text) ?? .string(text == "-" ? "" : text)
        }
    }

    /// At a space or a comment: whether what came before stands for itself.
    private func isWordOver(_ start: Int) -> Bool {
        if commentEnd(from: at) != nil { return true }
        guard bytes[at] == 0x20 else { return false }
        let word = String(decoding: bytes[start..<at], as: UTF8.self)
        if Self.number(word) == nil, !["true", "false", "null", "True", "False", "None"].contains(word) {
            return false
        }
        let next = pastSpace(at)
        guard next < bytes.count else { return true }
        return !isWordByte(bytes[next]) || (bytes[next] >= 0x30 && bytes[next] <= 0x39)
    }

    private static func number(_ text: String) -> JSONValue? {
        guard let first = text.utf8.first,
            first == 0x2B || first == 0x2D || first == 0x2E || (first >= 0x30 && first <= 0x39)
        else { return nil }
        var digits = text.hasPrefix("+") ? String(text.dropFirst()) : text
        let isNegative = digits.hasPrefix("-")
        if isNegative { digits.removeFirst() }
        while digits.hasPrefix("0"), let second = digits.utf8.dropFirst().first, second >= 0x30, second <= 0x39 {
            digits.removeFirst()
        }
        if digits.hasPrefix(".") { digits = "0" + digits }
        if digits.hasSuffix(".") { digits += "0" }
        return try? JSONValue(parsing: (isNegative ? "-" : "") + digits, options: .python)
    }

    private func isWordByte(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte == 0x5F || byte == 0x2D || (byte >= 0x30 && byte <= 0x39)
            || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
    }

    private func isDigits(_ range: Range<Int>) -> Bool { bytes[range].allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }

    private func trimmed(_ range: Range<Int>) -> String {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high, bytes[low] == 0x20 || bytes[low] == 0x09 || bytes[low] == 0x0D { low += 1 }
        while high > low, bytes[high - 1] == 0x20 || bytes[high - 1] == 0x09 || bytes[high - 1] == 0x0D { high -= 1 }
        return String(decoding: bytes[low..<high], as: UTF8.self)
    }
}
