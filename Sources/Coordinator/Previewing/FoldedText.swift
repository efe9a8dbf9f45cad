/// Text in lines of a width, as a person reads it.
package enum FoldedText {
    /// The text's own lines, each folded between words; a word longer than the width stands alone, and is cut.
    ///
    /// - Parameter width: characters of a line, at least 20.
    package static func lines(_ text: String, width: Int) -> [String] {
        let width = max(20, width)
        return text.split(omittingEmptySubsequences: false) { $0.isNewline }.flatMap { line in
            line.count <= width ? [String(line)] : fold(line, width)
        }
    }

    private static func fold(_ line: Substring, _ width: Int) -> [String] {
        // What a line begins with is kept: lists and code read by it.
        let indent = String(line.prefix { $0 == " " || $0 == "\t" }.prefix(width / 2))
        var lines: [String] = []
        var current = indent
        var isEmpty = true
        for word in line.split(separator: " ") {
            var word = word
            if !isEmpty, current.count + 1 + word.count > width {
                lines.append(current)
                (current, isEmpty) = (indent, true)
            }
            while indent.count + word.count > width {
                lines.append(indent + word.prefix(width - indent.count))
                word = word.dropFirst(width - indent.count)
            }
            if word.isEmpty { continue }
            current += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        if !isEmpty { lines.append(current) }
        return lines
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
