/// Python's `repr` of strings and bytes.
enum PythonRepr {
    static func append(_ text: String, to bytes: inout [UInt8]) {
        let quote = quoteMark(for: text.utf8)
        bytes.append(quote)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": bytes.append(contentsOf: "\\\\".utf8)
            case "\n": bytes.append(contentsOf: "\\n".utf8)
            case "\r": bytes.append(contentsOf: "\\r".utf8)
            case "\t": bytes.append(contentsOf: "\\t".utf8)
            default:
                if scalar.value == UInt32(quote) {
                    bytes.append(UInt8(ascii: "\\"))
                    bytes.append(quote)
                } else if scalar.isASCII ? (0x20...0x7E).contains(scalar.value) : PythonCharacters.isPrintable(scalar) {
                    bytes.append(contentsOf: String(scalar).utf8)
                } else {
                    appendEscape(scalar.value, to: &bytes)
                }
            }
        }
        bytes.append(quote)
    }

    static func text(_ text: String) -> String {
        var bytes: [UInt8] = []
        append(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    static func append(_ value: [UInt8], to bytes: inout [UInt8]) {
        let quote = quoteMark(for: value)
        bytes.append(UInt8(ascii: "b"))
        bytes.append(quote)
        for byte in value {
            switch byte {
            case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case quote:
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(quote)
            case 0x20...0x7E: bytes.append(byte)
            default: appendEscape(UInt32(byte), to: &bytes)
            }
        }
        bytes.append(quote)
    }

    /// `\xNN`, `\uNNNN` or `\UNNNNNNNN`, whichever is the shortest.
    static func appendEscape(_ value: UInt32, to bytes: inout [UInt8]) {
        let (letter, width) = value < 0x100 ? ("x", 2) : value < 0x10000 ? ("u", 4) : ("U", 8)
        let digits = String(value, radix: 16)
        bytes.append(contentsOf: "\\\(letter)".utf8)
        bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: width - digits.utf8.count))
        bytes.append(contentsOf: digits.utf8)
    }

    /// Double quotes only for a text that has single ones and no double ones.
    private static func quoteMark(for bytes: some Sequence<UInt8>) -> UInt8 {
        var hasSingle = false
        for byte in bytes {
            if byte == UInt8(ascii: "\"") { return UInt8(ascii: "'") }
            hasSingle = hasSingle || byte == UInt8(ascii: "'")
        }
        return UInt8(ascii: hasSingle ? "\"" : "'")
    }
}
