/// What the beginning of a line's text can be.
enum MarkdownMarkers {
    typealias Text = UnsafeBufferPointer<UInt8>

    /// A run of three or more fence characters, and the language behind it.
    static func fence(_ text: Text) -> (character: UInt8, length: Int, language: String?)? {
        guard let first = text.first, first == 0x60 || first == 0x7E else { return nil }
        var length = 0
        while length < text.count, text[length] == first { length += 1 }
        guard length >= 3 else { return nil }
        let info = text[length...]
        // Else it would be code in a line.
        if first == 0x60, info.contains(0x60) { return nil }
        var start = length
        while start < text.count, isSpace(text[start]) { start += 1 }
        var end = start
        while end < text.count, !isSpace(text[end]) { end += 1 }
        guard end > start else { return (first, length, nil) }
        return (first, length, unescaped(String(decoding: text[start..<end], as: UTF8.self)))
    }

    /// Whether the line ends a fence of this character and length.
    static func isClosing(_ text: Text, _ character: UInt8, _ length: Int) -> Bool {
        var count = 0
        while count < text.count, text[count] == character { count += 1 }
        return count >= length && text[count...].allSatisfy(isSpace)
    }

    static func isThematicBreak(_ text: Text) -> Bool {
        guard let first = text.first, first == 0x2A || first == 0x2D || first == 0x5F else { return false }
        var count = 0
        for byte in text where !isSpace(byte) {
            guard byte == first else { return false }
            count += 1
        }
        return count >= 3
    }

    static func isHeading(_ text: Text) -> Bool {
        var count = 0
        while count < text.count, text[count] == 0x23 { count += 1 }
        return (1...6).contains(count) && (count == text.count || isSpace(text[count]))
    }

    /// A line of `=` or `-` alone, which makes a heading of the paragraph before.
    static func isUnderline(_ text: Text) -> Bool {
        guard let first = text.first, first == 0x3D || first == 0x2D else { return false }
        var count = 0
        while count < text.count, text[count] == first { count += 1 }
        return text[count...].allSatisfy(isSpace)
    }

    /// The length of a list item's marker, and whether it may interrupt a paragraph.
    static func listMarker(_ text: Text) -> (length: Int, interrupts: Bool)? {
        guard let first = text.first else { return nil }
        var length = 1
        var isFirst = true
        if first >= 0x30, first <= 0x39 {
            while length < text.count, text[length] >= 0x30, text[length] <= 0x39 { length += 1 }
            guard length <= 9, length < text.count, text[length] == 0x2E || text[length] == 0x29 else { return nil }
            isFirst = length == 1 && first == 0x31
            length += 1
        } else if first != 0x2D, first != 0x2B, first != 0x2A {
            return nil
        }
        guard length == text.count || isSpace(text[length]) else { return nil }
        let isEmpty = text[length...].allSatisfy(isSpace)
        return (length, isFirst && !isEmpty)
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

    /// Without the backslashes in front of punctuation.
    private static func unescaped(_ text: String) -> String {
        guard text.utf8.contains(0x5C) else { return text }
        var result = ""
        var isEscaped = false
        for scalar in text.unicodeScalars {
            let isPunctuation =
                scalar.isASCII && scalar.value > 0x20 && scalar.value < 0x7F && !scalar.properties.isAlphabetic
                && !("0"..."9").contains(scalar)
            if isEscaped, !isPunctuation { result.unicodeScalars.append("\\") }
            isEscaped = !isEscaped && scalar == "\\"
            if !isEscaped { result.unicodeScalars.append(scalar) }
        }
        return isEscaped ? result + "\\" : result
    }
}
