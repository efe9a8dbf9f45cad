package import JSON

/// How cells are seen by templates: a text that is JSON is what it says.
package enum JSONDecoding {
    /// The cell with its JSON texts decoded, as Python's `json.loads` reads them.
    ///
    /// A text at the top that parses is replaced by its value, which is not looked at again. Within an array or object
    /// each text is tried once, at every depth. Everything else stays as it is, and costs no more than a look at its
    /// first byte.
    package static func decoded(_ cell: JSONValue) -> JSONValue {
        switch cell {
        case .string(let text): decoded(text) ?? cell
        case .array(let elements): needsDecoding(cell) ? .array(elements.map(decoded)) : cell
        case .object(let object): needsDecoding(cell) ? .object(object.mapValues(decoded)) : cell
        default: cell
        }
    }

    private static func needsDecoding(_ cell: JSONValue) -> Bool {
        switch cell {
        case .string(let text): mayBeJSON(text)
        case .array(let elements): elements.contains(where: needsDecoding)
        case .object(let object): object.contains { needsDecoding($0.value) }
        default: false
        }
    }

    private static func decoded(_ text: String) -> JSONValue? {
        guard mayBeJSON(text) else { return nil }
        return try? JSONValue(parsing: text, options: .python)
    }

    /// Whether the first byte that is no white space can begin a JSON value.
    private static func mayBeJSON(_ text: String) -> Bool {
        for byte in text.utf8 {
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D: continue
            case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""), UInt8(ascii: "-"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"),
                UInt8(ascii: "N"), UInt8(ascii: "I"):
                return true
            default: return false
            }
        }
        return false
    }
}
