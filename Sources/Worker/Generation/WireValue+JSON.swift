import JSON
package import Messages

extension WireValue {
    /// A text as a cell's value. One that holds NUL, which PostgreSQL's text cannot, travels as JSON.
    package init(cellText text: String) {
        self.init()
        if text.utf8.contains(0) {
            json = JSONValue.string(text).serialized()
        } else {
            self.text = text
        }
    }

    /// What templates see: a text that is JSON is the value it stands for, and so is each text inside of an array or
    /// an object; a text that came out of a text is left as it is.
    var templateValue: JSONValue {
        switch kind {
        case .text(let text): Self.decodedOnce(text) { $0.withDecodedElements }
        case .json(let json):
            switch try? JSONValue(parsing: json, options: .python) {
            case .string(let text): Self.decodedOnce(text) { $0.withDecodedElements }
            case let value?: value.withDecodedElements
            case nil: .string(json)
            }
        case nil: .null
        }
    }

    private static func decodedOnce(_ text: String, _ then: (JSONValue) -> JSONValue) -> JSONValue {
        guard let value = JSONValue(decodingCell: text) else { return .string(text) }
        return then(value)
    }
}

extension JSONValue {
    /// What a text stands for when all of it is JSON, as Python's `json.loads` reads it; nil for any other text.
    fileprivate init?(decodingCell text: String) {
        guard Self.mayBeJSON(text), let value = try? JSONValue(parsing: text, options: .python) else { return nil }
        self = value
    }

    /// Cheap, since most texts are prose.
    private static func mayBeJSON(_ text: String) -> Bool {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): continue
            case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""), UInt8(ascii: "-"), UInt8(ascii: "t"),
                UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "I"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                return true
            default: return false
            }
        }
        return false
    }

    /// Each text inside is tried once.
    fileprivate var withDecodedElements: JSONValue {
        switch self {
        case .array(let elements): .array(elements.map(\.decodedElement))
        case .object(let object): .object(object.mapValues(\.decodedElement))
        default: self
        }
    }

    private var decodedElement: JSONValue {
        guard case .string(let text) = self else { return withDecodedElements }
        // What comes out of it is decoded in turn, unless it is a text.
        return JSONValue(decodingCell: text)?.withDecodedElements ?? self
    }
}
