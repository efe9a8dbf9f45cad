extension JSONParser {
    /// The string whose opening quote is at `at`.
    mutating func string() throws(JSONError) -> String {
        let start = at + 1
        let end = PlainRun.end(in: bytes, from: start)
        if end < bytes.count, bytes[end] == UInt8(ascii: "\"") {
            at = end + 1
            return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
        }
        return try stringWithEscapes(start: start, firstStop: end)
    }

    private mutating func stringWithEscapes(start: Int, firstStop: Int) throws(JSONError) -> String {
        var unescaped: [UInt8] = []
        unescaped.reserveCapacity((firstStop - start) * 2 + 16)
        var (runStart, stop) = (start, firstStop)
        while true {
            unescaped.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[runStart..<stop]))
            at = stop
            guard stop < bytes.count else { throw failure("the string does not end", at: start - 1) }
            switch bytes[stop] {
            case UInt8(ascii: "\""):
                at = stop + 1
                return String(decoding: unescaped, as: UTF8.self)
            case UInt8(ascii: "\\"):
                try escape(into: &unescaped)
            default:
                throw failure("a control character in a string must be escaped")
            }
            runStart = at
            stop = PlainRun.end(in: bytes, from: runStart)
        }
    }

    private mutating func escape(into unescaped: inout [UInt8]) throws(JSONError) {
        at += 1
        let kind = next
        at += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): unescaped.append(kind)
        case UInt8(ascii: "n"): unescaped.append(0x0A)
        case UInt8(ascii: "t"): unescaped.append(0x09)
        case UInt8(ascii: "r"): unescaped.append(0x0D)
        case UInt8(ascii: "b"): unescaped.append(0x08)
        case UInt8(ascii: "f"): unescaped.append(0x0C)
        case UInt8(ascii: "u"):
            unescaped.append(contentsOf: String(try escapedScalar()).utf8)
        default: throw failure("not an escape", at: at - 2)
        }
    }

    /// The scalar of one `\u` escape, or of two that are a surrogate pair; U+FFFD for a surrogate that stands alone.
    private mutating func escapedScalar() throws(JSONError) -> Unicode.Scalar {
        let first = try fourHexDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        let afterFirst = at
        if first < 0xDC00, next == UInt8(ascii: "\\") {
            at += 1
            if next == UInt8(ascii: "u") {
                at += 1
                let second = try fourHexDigits()
                if (0xDC00...0xDFFF).contains(second),
                    let scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + UInt32(second) - 0xDC00)
                {
                    return scalar
                }
            }
        }
        // What follows is no low surrogate: it is read again for itself.
        at = afterFirst
        return "\u{FFFD}"
    }

    private mutating func fourHexDigits() throws(JSONError) -> UInt16 {
        guard at + 4 <= bytes.count else { throw failure("expected four hexadecimal digits") }
        var value: UInt16 = 0
        for _ in 0..<4 {
            let digit: UInt8
            switch bytes[at] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = bytes[at] - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = bytes[at] - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = bytes[at] - UInt8(ascii: "A") + 10
            default: throw failure("expected four hexadecimal digits")
            }
            value = value << 4 | UInt16(digit)
            at += 1
        }
        return value
    }
}
