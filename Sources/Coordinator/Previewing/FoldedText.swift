/// Text in lines of a width, as a person reads it.
package enum FoldedText {
    /// The text's own lines, each folded between words; a word longer than the width stands alone, and is cut.
    ///
    /// - Parameter width: characters of a line, at least 20.
    package static func lines(_ text: String, width: Int) -> [String] {
        let width = max(20, width)
        return text.split(omittingEmptySubsequences: false) { $0.isNewline }.flatMap { line in
            self.width(of: line) <= width ? [String(line)] : fold(line, width)
        }
    }

    private static func fold(_ line: Substring, _ width: Int) -> [String] {
        // What a line begins with is kept: lists and code read by it.
        let indent = String(line.prefix { $0 == " " || $0 == "\t" }.prefix(width / 2))
        var lines: [String] = []
        var current = indent
        var used = indent.count
        var isEmpty = true
        for word in line.split(separator: " ") {
            var word = word
            var wordWidth = self.width(of: word)
            if !isEmpty, used + 1 + wordWidth > width {
                lines.append(current)
                (current, used, isEmpty) = (indent, indent.count, true)
            }
            while indent.count + wordWidth > width {
                let part = prefix(of: word, width: width - indent.count)
                lines.append(indent + part)
                word = word[part.endIndex...]
                wordWidth = self.width(of: word)
            }
            if word.isEmpty { continue }
            current += (isEmpty ? "" : " ") + word
            used += (isEmpty ? 0 : 1) + wordWidth
            isEmpty = false
        }
        if !isEmpty { lines.append(current) }
        return lines
    }

    /// As much of a word as stands in so many columns, one character at least.
    private static func prefix(of word: Substring, width: Int) -> Substring {
        var end = word.startIndex
        var used = 0
        while end < word.endIndex {
            used += columns(of: word[end])
            if used > width, end > word.startIndex { break }
            end = word.index(after: end)
        }
        return word[..<end]
    }

    /// Columns that a text takes on a terminal: two for a character of Chinese, Japanese or Korean, and for pictures.
    static func width(of text: some StringProtocol) -> Int {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return text.reduce(0) { $0 + columns(of: $1) }
    }

    private static func columns(of character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first?.value, scalar >= 0x1100 else { return 1 }
        switch scalar {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
            0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }

    /// Control characters but line feeds and tabs, as what they are called: a terminal must not obey an answer.
    package static func harmless(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var safe = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if isControl(scalar) {
                safe.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            } else {
                safe.append(scalar)
            }
        }
        return String(safe)
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D: false
        case 0..<0x20, 0x7F..<0xA0: true
        default: false
        }
    }
}
