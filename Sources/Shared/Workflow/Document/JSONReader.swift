import JSON

/// Reads a JSON document (RFC 8259) into located nodes. Duplicate keys are an error.
///
/// Tessera's JSON module keeps no places; a message about a workflow needs them.
struct JSONReader {
    private static let maximumDepth = 256

    private let bytes: [UInt8]
    private var index = 0
    private var line = 1
    private var column = 1
    /// The offset up to which `column` is counted.
    private var counted = 0

    static func read(_ text: String) throws(SourceError) -> SourceNode {
        var reader = JSONReader(bytes: Array(text.utf8))
        if reader.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { (reader.index, reader.counted) = (3, 3) }
        reader.skipSpace()
        let root = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.index == reader.bytes.count else { throw reader.error("text after the end of the document") }
        return root
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    // MARK: Places

    /// The place where the reader stands.
    private mutating func mark() -> SourceMark {
        // Columns are Unicode scalars: continuation bytes do not count. Counted on from the last place asked for, since
        // a whole document may stand on one line.
        let end = min(index, bytes.count)
        for byte in bytes[counted..<end] where byte & 0xC0 != 0x80 { column += 1 }
        counted = end
        return SourceMark(line: line, column: column)
    }

    private mutating func error(_ message: String) -> SourceError {
        SourceError(message: "not valid JSON: \(message)", mark: mark())
    }

    private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipSpace() {
        while let byte = current {
            switch byte {
            case 0x20, 0x09, 0x0D: index += 1
            case 0x0A:
                index += 1
                line += 1
                column = 1
                counted = index
            default: return
            }
        }
    }

    // MARK: Values

    private mutating func value(depth: Int) throws(SourceError) -> SourceNode {
        guard depth < Self.maximumDepth else { throw error("values are nested more than \(Self.maximumDepth) deep") }
        let start = mark()
        switch current {
        case UInt8(ascii: "{"): return SourceNode(.mapping(try entries(depth: depth)), at: start)
        case UInt8(ascii: "["): return SourceNode(.sequence(try items(depth: depth)), at: start)
        case UInt8(ascii: "\""):
            let open = index
            let text = try string()
            // Without escapes the text stands in the file as it is, on one line.
            let isPlain = index - open - 2 == text.utf8.count
            let origin = isPlain ? SourceMark(line: start.line, column: start.column + 1) : nil
            return SourceNode(.text(text), at: start, textOrigin: origin)
        case UInt8(ascii: "t"): return SourceNode(try keyword("true", .boolean(true)), at: start)
        case UInt8(ascii: "f"): return SourceNode(try keyword("false", .boolean(false)), at: start)
        case UInt8(ascii: "n"): return SourceNode(try keyword("null", .null), at: start)
        case .some: return SourceNode(try number(), at: start)
        case nil: throw error("the document ends where a value should stand")
        }
    }

    private mutating func keyword(_ word: String, _ content: SourceNode.Content) throws(SourceError)
        -> SourceNode.Content
    {
        guard bytes[index...].starts(with: word.utf8) else { throw error("a value that is not JSON") }
        index += word.utf8.count
        return content
    }

    private mutating func expect(_ byte: UInt8, _ what: String) throws(SourceError) {
        guard current == byte else { throw error("expected \(what)") }
        index += 1
    }

    private mutating func entries(depth: Int) throws(SourceError) -> [SourceEntry] {
        index += 1
        var entries: [SourceEntry] = []
        var seen: Set<ExactString> = []
        skipSpace()
        if current == UInt8(ascii: "}") {
            index += 1
            return entries
        }
        while true {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw error("expected a key in double quotes") }
            let keyMark = mark()
            let key = try string()
            guard seen.insert(ExactString(key)).inserted else {
                throw SourceError(message: "the key \(key) stands twice in one object", mark: keyMark)
            }
            skipSpace()
            try expect(UInt8(ascii: ":"), "':' after a key")
            skipSpace()
            entries.append(SourceEntry(key: key, keyMark: keyMark, value: try value(depth: depth + 1)))
            skipSpace()
            if current == UInt8(ascii: ",") {
                index += 1
            } else {
                try expect(UInt8(ascii: "}"), "',' or '}'")
                return entries
            }
        }
    }

    private mutating func items(depth: Int) throws(SourceError) -> [SourceNode] {
        index += 1
        var items: [SourceNode] = []
        skipSpace()
        if current == UInt8(ascii: "]") {
            index += 1
            return items
        }
        while true {
            skipSpace()
            items.append(try value(depth: depth + 1))
            skipSpace()
            if current == UInt8(ascii: ",") {
                index += 1
            } else {
                try expect(UInt8(ascii: "]"), "',' or ']'")
                return items
            }
        }
    }

    // MARK: Scalars

    private mutating func number() throws(SourceError) -> SourceNode.Content {
        let start = index
        func isDigit(_ byte: UInt8?) -> Bool {
            byte.map { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } ?? false
        }
        func digits() throws(SourceError) {
            guard isDigit(current) else { throw error("a value that is not JSON") }
            while isDigit(current) { index += 1 }
        }
        if current == UInt8(ascii: "-") { index += 1 }
        if current == UInt8(ascii: "0") { index += 1 } else { try digits() }
        var isInteger = true
        if current == UInt8(ascii: ".") {
            isInteger = false
            index += 1
            try digits()
        }
        if let byte = current, byte | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            index += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { index += 1 }
            try digits()
        }
        if isDigit(current) { throw error("a number that begins with 0") }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isInteger { return Int(text).map { .integer($0) } ?? .bigInteger(text) }
        guard let value = Double(text), value.isFinite else { throw error("a number out of range") }
        return .number(value)
    }

    private mutating func string() throws(SourceError) -> String {
        index += 1
        var text: [UInt8] = []
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                index += 1
                text.append(contentsOf: String(Character(try escape())).utf8)
            case 0..<0x20: throw error("a control character in text")
            default:
                text.append(byte)
                index += 1
            }
        }
        throw error("text that is not closed")
    }

    private mutating func escape() throws(SourceError) -> Unicode.Scalar {
        guard let byte = current else { throw error("text that is not closed") }
        index += 1
        switch byte {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "u"):
            let high = try hexadecimal()
            if let scalar = Unicode.Scalar(high) { return scalar }
            // A surrogate pair; half of one is no character.
            if high < 0xDC00, bytes[index...].starts(with: "\\u".utf8) {
                index += 2
                let low = try hexadecimal()
                if (0xDC00..<0xE000).contains(low) {
                    let value = 0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(low) - 0xDC00)
                    if let scalar = Unicode.Scalar(value) { return scalar }
                }
            }
            throw error("half of a surrogate pair")
        default: throw error("an escape that JSON does not know")
        }
    }

    private mutating func hexadecimal() throws(SourceError) -> UInt16 {
        guard index + 4 <= bytes.count, bytes[index..<index + 4].allSatisfy({ $0 != 0x2B && $0 != 0x2D }),
            let value = UInt16(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
        else { throw error("an escape that JSON does not know") }
        index += 4
        return value
    }
}
