/// RFC 4648's base64, with or without its padding, line breaks skipped.
package enum Base64 {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// With padding, without line breaks.
    package static func encode(_ bytes: [UInt8]) -> String {
        let size = (bytes.count + 2) / 3 * 4
        return String(unsafeUninitializedCapacity: size) { text in
            var place = 0
            var start = 0
            while start < bytes.count {
                let left = bytes.count - start
                let second = left > 1 ? bytes[start + 1] : 0
                let third = left > 2 ? bytes[start + 2] : 0
                let word = UInt32(bytes[start]) << 16 | UInt32(second) << 8 | UInt32(third)
                text[place] = letters[Int(word >> 18 & 63)]
                text[place + 1] = letters[Int(word >> 12 & 63)]
                text[place + 2] = left > 1 ? letters[Int(word >> 6 & 63)] : UInt8(ascii: "=")
                text[place + 3] = left > 2 ? letters[Int(word & 63)] : UInt8(ascii: "=")
                place += 4
                start += 3
            }
            return size
        }
    }

    /// Nil for what is none.
    package static func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 4 * 3)
        var (word, count, padding) = (UInt32(0), 0, 0)
        for byte in text.utf8 {
            let value: UInt32
            switch byte {
            case 0x41...0x5A: value = UInt32(byte - 0x41)
            case 0x61...0x7A: value = UInt32(byte - 0x61) + 26
            case 0x30...0x39: value = UInt32(byte - 0x30) + 52
            case 0x2B: value = 62
            case 0x2F: value = 63
            case 0x3D:
                padding += 1
                continue
            case 0x0A, 0x0D: continue
            default: return nil
            }
            if padding > 0 { return nil }
            word = word << 6 | value
            count += 1
            if count % 4 == 0 {
                bytes.append(UInt8(truncatingIfNeeded: word >> 16))
                bytes.append(UInt8(truncatingIfNeeded: word >> 8))
                bytes.append(UInt8(truncatingIfNeeded: word))
            }
        }
        switch count % 4 {
        case 0: break
        case 2: bytes.append(UInt8(truncatingIfNeeded: word >> 4))
        case 3:
            bytes.append(UInt8(truncatingIfNeeded: word >> 10))
            bytes.append(UInt8(truncatingIfNeeded: word >> 2))
        default: return nil
        }
        return padding > 2 ? nil : bytes
    }
}
