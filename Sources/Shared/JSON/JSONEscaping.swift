/// The inside of JSON strings.
package enum JSONEscaping {
    /// Appends `text` in double quotes: `"` and `\` escaped, control characters as `\n`, `\t`, `\r`, `\b`, `\f` or
    /// `\u00XX`, and everything but ASCII as `\uXXXX` when asked.
    package static func append(_ text: String, to bytes: inout [UInt8], escapesNonASCII: Bool = false) {
        bytes.append(UInt8(ascii: "\""))
        appendUnquoted(text, to: &bytes, escapesNonASCII: escapesNonASCII)
        bytes.append(UInt8(ascii: "\""))
    }

    /// As `append`, without the quotes.
    package static func appendUnquoted(_ text: String, to bytes: inout [UInt8], escapesNonASCII: Bool = false) {
        var text = text
        text.withUTF8 { appendUnquoted($0, to: &bytes, escapesNonASCII: escapesNonASCII) }
    }

    /// As `append` without the quotes, for UTF-8 that is known to be valid.
    package static func appendUnquoted(
        _ source: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8], escapesNonASCII: Bool = false
    ) {
        var runStart = 0
        while true {
            let place =
                escapesNonASCII
                ? PlainRun.asciiEnd(in: source, from: runStart) : PlainRun.end(in: source, from: runStart)
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: source[runStart..<place]))
            guard place < source.count else { return }
            if source[place] < 0x80 {
                appendEscape(source[place], to: &bytes)
                runStart = place + 1
            } else {
                runStart =
                    place + appendUnicodeEscape(UnsafeBufferPointer(rebasing: source[place...]), to: &bytes)
            }
        }
    }

    private static func appendEscape(_ byte: UInt8, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x22, 0x5C: bytes.append(byte)
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        default: appendUnit(UInt16(byte), to: &bytes)
        }
    }

    /// Writes the scalar that `rest` begins with and returns its length in UTF-8.
    private static func appendUnicodeEscape(_ rest: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) -> Int {
        var (decoder, iterator) = (UTF8(), rest.makeIterator())
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return 1 }
        for unit in String(scalar).utf16 {
            bytes.append(UInt8(ascii: "\\"))
            appendUnit(unit, to: &bytes)
        }
        return UTF8.width(scalar)
    }

    private static func appendUnit(_ unit: UInt16, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "u"))
        for shift in [12, 8, 4, 0] as [UInt16] {
            let digit = UInt8(truncatingIfNeeded: unit >> shift & 0xF)
            bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
