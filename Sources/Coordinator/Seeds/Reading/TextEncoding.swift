/// The encodings of texts that a seed source may name, by Python's names.
enum TextEncoding {
    /// Nil where the bytes are not of that encoding.
    static func text(_ bytes: [UInt8], _ encoding: String) -> String? {
        switch encoding.lowercased().replacing("_", with: "-") {
        case "utf-8", "utf8": String(validating: bytes, as: UTF8.self)
        case "utf-8-sig":
            String(validating: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...], as: UTF8.self)
        case "ascii", "us-ascii": bytes.allSatisfy { $0 < 0x80 } ? String(decoding: bytes, as: UTF8.self) : nil
        case "latin-1", "latin1", "iso-8859-1": String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        case "cp1252": windows(bytes)
        default: nil
        }
    }

    private static func windows(_ bytes: [UInt8]) -> String? {
        var scalars = String.UnicodeScalarView()
        for byte in bytes {
            guard (0x80...0x9F).contains(byte) else {
                scalars.append(Unicode.Scalar(byte))
                continue
            }
            guard let scalar = Unicode.Scalar(high[Int(byte) - 0x80]), scalar.value != 0 else { return nil }
            scalars.append(scalar)
        }
        return String(scalars)
    }

    /// 0x80 to 0x9F of Windows code page 1252; 0 where it has nothing.
    private static let high: [UInt32] = [
        0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D,
        0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,
        0x017E, 0x0178,
    ]
}
