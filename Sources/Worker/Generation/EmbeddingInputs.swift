import Answers
import JSON
import Messages

/// The texts that are embedded for a cell: each element of a list, or the one text that it is.
enum EmbeddingInputs {
    static func texts(of value: WireValue) -> [String] {
        switch value.kind {
        case .text(let text): texts(of: text)
        case .json(let json):
            switch try? JSONValue(parsing: json, options: .python) {
            case .array(let elements): elements.map(text)
            case .string(let text): texts(of: text)
            case let other?: [text(other)]
            case nil: [json]
            }
        case nil: [""]
        }
    }

    private static func texts(of text: String) -> [String] {
        let text = text.strippedAsPython
        // Also with commas too many, and as Python writes lists.
        if text.hasPrefix("["), text.hasSuffix("]"), case .array(let elements)? = RepairingJSONReader.read(text) {
            return elements.map(self.text)
        }
        return [text]
    }

    private static func text(_ value: JSONValue) -> String {
        value.stringValue?.strippedAsPython ?? value.serialized(.pythonUnicode)
    }
}
