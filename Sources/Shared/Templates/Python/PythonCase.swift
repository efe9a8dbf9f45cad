/// Python's changes of case, which map whole code points (ß to SS) and know the final sigma.
enum PythonCase {
    static func upper(_ text: String) -> String {
        if let ascii = mapASCII(text, { $0 &- 0x61 < 26 ? $0 - 0x20 : $0 }) { return ascii }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            result.append(contentsOf: scalar.properties.uppercaseMapping.unicodeScalars)
        }
        return String(result)
    }

    static func lower(_ text: String) -> String {
        if let ascii = mapASCII(text, { $0 &- 0x41 < 26 ? $0 + 0x20 : $0 }) { return ascii }
        return lower(Array(text.unicodeScalars), from: 0)
    }

    /// Everything from `start` on in lower case; what stands before only decides about a final sigma.
    static func lower(_ scalars: [Unicode.Scalar], from start: Int) -> String {
        var result = String.UnicodeScalarView()
        for index in start..<scalars.count { appendLower(scalars, index, to: &result) }
        return String(result)
    }

    static func appendLower(_ scalars: [Unicode.Scalar], _ index: Int, to result: inout String.UnicodeScalarView) {
        if scalars[index] == "\u{3A3}" {
            result.append(isFinalSigma(scalars, index) ? "\u{3C2}" : "\u{3C3}")
        } else {
            result.append(contentsOf: scalars[index].properties.lowercaseMapping.unicodeScalars)
        }
    }

    /// `str.capitalize`: the first character in title case, the rest in lower case.
    static func capitalize(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        guard let first = scalars.first else { return text }
        return first.properties.titlecaseMapping + lower(scalars, from: 1)
    }

    /// `str.title`: every run of cased characters begins in title case.
    static func title(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        var isInside = false
        for (index, scalar) in scalars.enumerated() {
            if isInside {
                appendLower(scalars, index, to: &result)
            } else {
                result.append(contentsOf: scalar.properties.titlecaseMapping.unicodeScalars)
            }
            isInside = scalar.properties.isCased
        }
        return String(result)
    }

    static func swapcase(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        for (index, scalar) in scalars.enumerated() {
            if scalar.properties.isUppercase {
                appendLower(scalars, index, to: &result)
            } else if scalar.properties.isLowercase {
                result.append(contentsOf: scalar.properties.uppercaseMapping.unicodeScalars)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// Full case folding, by way of the upper case, which gives the same for all but these few characters.
    static func casefold(_ text: String) -> String {
        if let ascii = mapASCII(text, { $0 &- 0x41 < 26 ? $0 + 0x20 : $0 }) { return ascii }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { result.append(contentsOf: folded(scalar).unicodeScalars) }
        return String(result)
    }

    private static func folded(_ scalar: Unicode.Scalar) -> String {
        switch scalar.value {
        case 0x131: return "\u{131}"
        case 0x1E9E: return "ss"
        case 0x13A0...0x13F5: return String(scalar)
        case 0x13F8...0x13FD, 0xAB70...0xABBF: return scalar.properties.uppercaseMapping
        default: break
        }
        var result = ""
        for upper in scalar.properties.uppercaseMapping.unicodeScalars { result += upper.properties.lowercaseMapping }
        return result
    }

    static func isUpper(_ text: String) -> Bool {
        var isCased = false
        for scalar in text.unicodeScalars {
            if scalar.properties.isLowercase || scalar.properties.generalCategory == .titlecaseLetter { return false }
            isCased = isCased || scalar.properties.isUppercase
        }
        return isCased
    }

    static func isLower(_ text: String) -> Bool {
        var isCased = false
        for scalar in text.unicodeScalars {
            if scalar.properties.isUppercase || scalar.properties.generalCategory == .titlecaseLetter { return false }
            isCased = isCased || scalar.properties.isLowercase
        }
        return isCased
    }

    static func isTitle(_ text: String) -> Bool {
        var (isCased, isInside) = (false, false)
        for scalar in text.unicodeScalars {
            if scalar.properties.isUppercase || scalar.properties.generalCategory == .titlecaseLetter {
                if isInside { return false }
                (isInside, isCased) = (true, true)
            } else if scalar.properties.isLowercase {
                guard isInside else { return false }
                isCased = true
            } else {
                isInside = false
            }
        }
        return isCased
    }

    /// The text with each byte mapped, nil if it is not all ASCII.
    private static func mapASCII(_ text: String, _ map: (UInt8) -> UInt8) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            guard byte < 0x80 else { return nil }
            bytes.append(map(byte))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A capital sigma behind a cased character and before none, those that are ignored for case left out.
    private static func isFinalSigma(_ scalars: [Unicode.Scalar], _ index: Int) -> Bool {
        let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
        let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
        return before?.properties.isCased == true && after?.properties.isCased != true
    }
}
