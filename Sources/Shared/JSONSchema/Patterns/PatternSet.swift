/// A set of code points: what `[...]`, `\d` or `\p{L}` takes.
struct PatternSet: Sendable {
    enum Member: Sendable {
        case range(ClosedRange<UInt32>)
        case digit(Bool)
        case word(Bool)
        case space(Bool)
        case category(String, Bool)
    }

    var members: [Member] = []
    var isNegated = false

    func contains(_ scalar: UInt32, ignoringCase: Bool) -> Bool {
        if has(scalar) { return !isNegated }
        if ignoringCase, let other = PatternCase.other(scalar), has(other) { return !isNegated }
        return isNegated
    }

    private func has(_ scalar: UInt32) -> Bool {
        for member in members {
            switch member {
            case .range(let range): if range.contains(scalar) { return true }
            case .digit(let wanted): if Self.isDigit(scalar) == wanted { return true }
            case .word(let wanted): if Self.isWord(scalar) == wanted { return true }
            case .space(let wanted): if Self.isSpace(scalar) == wanted { return true }
            case .category(let name, let wanted): if Self.isIn(name, scalar) == wanted { return true }
            }
        }
        return false
    }

    static func isDigit(_ scalar: UInt32) -> Bool { scalar >= 0x30 && scalar <= 0x39 }

    static func isWord(_ scalar: UInt32) -> Bool {
        isDigit(scalar) || (scalar | 0x20 >= 0x61 && scalar | 0x20 <= 0x7A && scalar < 0x80) || scalar == 0x5F
    }

    static func isSpace(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x09...0x0D, 0x20, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF: true
        default: false
        }
    }

    static func isLineEnd(_ scalar: UInt32) -> Bool {
        scalar == 0x0A || scalar == 0x0D || scalar == 0x2028 || scalar == 0x2029
    }

    /// The names of general categories, long and short, as the short one; nil for any other name.
    static func category(named name: String) -> String? {
        let bare = name.hasPrefix("gc=") ? String(name.dropFirst(3)) : name
        let name = bare.hasPrefix("General_Category=") ? String(bare.dropFirst(17)) : bare
        if let short = longNames[name] { return short }
        return shortNames.contains(name) ? name : nil
    }

    private static let shortNames: Set<String> = [
        "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe",
        "Pi", "Pf", "Po", "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp", "C", "Cc", "Cf", "Co", "Cn",
    ]
    private static let longNames: [String: String] = [
        "Letter": "L", "Alphabetic": "L", "Uppercase_Letter": "Lu", "Lowercase_Letter": "Ll",
        "Titlecase_Letter": "Lt", "Modifier_Letter": "Lm", "Other_Letter": "Lo", "Mark": "M",
        "Nonspacing_Mark": "Mn", "Number": "N", "Decimal_Number": "Nd", "digit": "Nd", "Letter_Number": "Nl",
        "Punctuation": "P", "Symbol": "S", "Separator": "Z", "Space_Separator": "Zs", "Other": "C", "Control": "Cc",
        "Math_Symbol": "Sm", "Currency_Symbol": "Sc", "punct": "P", "cntrl": "Cc",
    ]

    private static func isIn(_ name: String, _ scalar: UInt32) -> Bool {
        guard let scalar = Unicode.Scalar(scalar) else { return false }
        let short = shortName(scalar.properties.generalCategory)
        return name.utf8.count == 1 ? short.hasPrefix(name) : short == name
    }

    private static func shortName(_ category: Unicode.GeneralCategory) -> String {
        switch category {
        case .uppercaseLetter: "Lu"
        case .lowercaseLetter: "Ll"
        case .titlecaseLetter: "Lt"
        case .modifierLetter: "Lm"
        case .otherLetter: "Lo"
        case .nonspacingMark: "Mn"
        case .spacingMark: "Mc"
        case .enclosingMark: "Me"
        case .decimalNumber: "Nd"
        case .letterNumber: "Nl"
        case .otherNumber: "No"
        case .connectorPunctuation: "Pc"
        case .dashPunctuation: "Pd"
        case .openPunctuation: "Ps"
        case .closePunctuation: "Pe"
        case .initialPunctuation: "Pi"
        case .finalPunctuation: "Pf"
        case .otherPunctuation: "Po"
        case .mathSymbol: "Sm"
        case .currencySymbol: "Sc"
        case .modifierSymbol: "Sk"
        case .otherSymbol: "So"
        case .spaceSeparator: "Zs"
        case .lineSeparator: "Zl"
        case .paragraphSeparator: "Zp"
        case .control: "Cc"
        case .format: "Cf"
        case .privateUse: "Co"
        case .surrogate, .unassigned: "Cn"
        @unknown default: "Cn"
        }
    }
}

/// Upper and lower case of one code point, for patterns that ignore it.
enum PatternCase {
    /// The other case; nil where there is none, or more than one code point.
    static func other(_ scalar: UInt32) -> UInt32? {
        guard let character = Unicode.Scalar(scalar) else { return nil }
        let lower = character.properties.lowercaseMapping.unicodeScalars
        if lower.count == 1, let first = lower.first, first.value != scalar { return first.value }
        let upper = character.properties.uppercaseMapping.unicodeScalars
        if upper.count == 1, let first = upper.first, first.value != scalar { return first.value }
        return nil
    }
}
