extension [UInt8] {
    mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { append(contentsOf: $0) }
    }

    mutating func append(text: String) { append(contentsOf: text.utf8) }

    mutating func append(decimal value: Int) {
        if value < 0 {
            append(UInt8(ascii: "-"))
            return append(decimal: -value)
        }
        var divisor = 1
        while value / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
            divisor /= 10
        }
    }

    /// Sixteen digits.
    mutating func append(hex value: UInt64) {
        for shift in stride(from: 60, through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: value >> UInt64(shift)) & 15
            append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }

    /// As the inside of a JSON string.
    mutating func append(escaped bytes: some Sequence<UInt8>) {
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                append(UInt8(ascii: "\\"))
                append(byte)
            case UInt8(ascii: "\n"): append("\\n")
            case 0..<32:
                append("\\u00")
                append(UInt8(ascii: "0") + (byte >> 4))
                append(byte & 15 < 10 ? UInt8(ascii: "0") + (byte & 15) : UInt8(ascii: "a") + (byte & 15) - 10)
            default: append(byte)
            }
        }
    }

    /// With three decimals.
    mutating func append(thousandths value: Double) {
        let whole = Int((value * 1000).rounded())
        if whole < 0 { append(UInt8(ascii: "-")) }
        append(decimal: abs(whole) / 1000)
        append(UInt8(ascii: "."))
        let rest = abs(whole) % 1000
        append(UInt8(ascii: "0") + UInt8(rest / 100))
        append(UInt8(ascii: "0") + UInt8(rest / 10 % 10))
        append(UInt8(ascii: "0") + UInt8(rest % 10))
    }
}
