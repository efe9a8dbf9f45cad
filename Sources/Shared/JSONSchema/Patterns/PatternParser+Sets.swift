extension PatternParser {
    /// `[...]`, from its bracket on.
    mutating func set() throws(PatternError) -> PatternSet {
        at += 1
        var set = PatternSet()
        set.isNegated = take("^")
        var isFirst = true
        while let scalar = next {
            // As in Python: a bracket that comes first stands for itself, unless the set ends here as ECMA has it.
            if scalar == 0x5D, !isFirst || !source[(at + 1)...].contains(0x5D) {
                at += 1
                return set
            }
            isFirst = false
            let low = try setMember()
            guard case .range(let first) = low, sees("-"), at + 1 < source.count, source[at + 1] != 0x5D else {
                set.members.append(low)
                continue
            }
            at += 1
            guard case .range(let last) = try setMember() else {
                throw error("a range in [...] that does not end with a character")
            }
            guard first.lowerBound <= last.upperBound else { throw error("a range the wrong way round in [...]") }
            set.members.append(.range(first.lowerBound...last.upperBound))
        }
        throw error("a [ without its ]")
    }

    private mutating func setMember() throws(PatternError) -> PatternSet.Member {
        guard let scalar = next else { throw error("a [ without its ]") }
        if scalar == 0x5C {
            if at + 1 < source.count, source[at + 1] == 0x62 {
                at += 2
                return .range(8...8)
            }
            return try escape()
        }
        at += 1
        return .range(scalar...scalar)
    }

    /// What stands behind a backslash and means one character or one class, from the backslash on.
    mutating func escape() throws(PatternError) -> PatternSet.Member {
        at += 1
        guard let kind = next else { throw error("a \\ at the end") }
        at += 1
        switch kind {
        case 0x64: return .digit(true)
        case 0x44: return .digit(false)
        case 0x77: return .word(true)
        case 0x57: return .word(false)
        case 0x73: return .space(true)
        case 0x53: return .space(false)
        case 0x70, 0x50: return try category(kind == 0x70)
        case 0x6E: return .range(0x0A...0x0A)
        case 0x72: return .range(0x0D...0x0D)
        case 0x74: return .range(0x09...0x09)
        case 0x66: return .range(0x0C...0x0C)
        case 0x76: return .range(0x0B...0x0B)
        case 0x30: return .range(0...0)
        case 0x63:
            guard let letter = next, letter | 0x20 >= 0x61, letter | 0x20 <= 0x7A else {
                throw error("\\c without a letter")
            }
            at += 1
            return .range(letter % 32...letter % 32)
        case 0x78:
            let value = try hexadecimal(2)
            return .range(value...value)
        case 0x75:
            let value = try unicodeEscape()
            return .range(value...value)
        default:
            guard !PatternSet.isWord(kind) || kind == 0x5F else {
                throw PatternError(offset: at - 2, reason: "an unknown escape")
            }
            return .range(kind...kind)
        }
    }

    private mutating func unicodeEscape() throws(PatternError) -> UInt32 {
        if take("{") {
            var value: UInt32 = 0
            while let digit = next.flatMap(Self.hexadecimalDigit), value < 0x110000 {
                value = value * 16 + digit
                at += 1
            }
            guard take("}"), value < 0x110000 else { throw error("not a code point") }
            return value
        }
        let first = try hexadecimal(4)
        guard (0xD800..<0xDC00).contains(first), sees("\\u") else { return first }
        let start = at
        at += 2
        let second = try hexadecimal(4)
        guard (0xDC00..<0xE000).contains(second) else {
            at = start
            return first
        }
        return 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
    }

    private mutating func hexadecimal(_ count: Int) throws(PatternError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard let digit = next.flatMap(Self.hexadecimalDigit) else { throw error("expected a hexadecimal digit") }
            value = value * 16 + digit
            at += 1
        }
        return value
    }

    private static func hexadecimalDigit(_ scalar: UInt32) -> UInt32? {
        switch scalar {
        case 0x30...0x39: scalar - 0x30
        case 0x41...0x46: scalar - 0x41 + 10
        case 0x61...0x66: scalar - 0x61 + 10
        default: nil
        }
    }

    private mutating func category(_ isWanted: Bool) throws(PatternError) -> PatternSet.Member {
        guard take("{") else { throw error("\\p without its {...}") }
        var name = ""
        while let scalar = next, scalar != 0x7D {
            guard let character = Unicode.Scalar(scalar) else { break }
            name.unicodeScalars.append(character)
            at += 1
        }
        guard take("}") else { throw error("\\p without its {...}") }
        guard let category = PatternSet.category(named: name) else {
            throw error("unknown property \(name): general categories such as L, Lu or Nd are known")
        }
        return .category(category, isWanted)
    }
}
