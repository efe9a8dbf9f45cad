/// Python's `textwrap.wrap` with `expand_tabs` and `replace_whitespace` off.
struct TextWrapper {
    /// A number; one with a fraction does as long as no word must be cut.
    let width: Value
    let breaksLongWords: Bool
    let breaksOnHyphens: Bool

    /// The lines into which a paragraph is broken; none for a paragraph without words.
    func wrap(_ text: String) throws(TemplateError) -> [String] {
        guard let number = PythonNumber(width) else {
            if case .undefined(let undefined) = width { throw undefined.error }
            throw .type("'<=' not supported between instances of '\(width.typeName)' and 'int'")
        }
        let exact = try number.double()
        guard exact > 0 else { throw .value("invalid width \(exact) (must be > 0)") }
        let width = Int(min(exact, 1e9).rounded(.down))
        var chunks: [ArraySlice<Unicode.Scalar>] = breaksOnHyphens ? hyphenated(text) : words(text)
        chunks.reverse()
        var lines: [String] = []
        while !chunks.isEmpty {
            var line: [ArraySlice<Unicode.Scalar>] = []
            var length = 0
            if !lines.isEmpty, let first = chunks.last, isSpace(first) { chunks.removeLast() }
            while let chunk = chunks.last, length + chunk.count <= width {
                line.append(chunk)
                length += chunk.count
                chunks.removeLast()
            }
            if let chunk = chunks.last, chunk.count > width {
                if breaksLongWords, case .float = number {
                    throw .type("slice indices must be integers or None or have an __index__ method")
                }
                breakLong(&chunks, &line, room: max(1, width) - length)
                length = line.reduce(0) { $0 + $1.count }
            }
            if let last = line.last, isSpace(last) { line.removeLast() }
            if !line.isEmpty { lines.append(PythonStrings.string(line.joined())) }
        }
        return lines
    }

    private func breakLong(
        _ chunks: inout [ArraySlice<Unicode.Scalar>], _ line: inout [ArraySlice<Unicode.Scalar>], room: Int
    ) {
        guard let chunk = chunks.last else { return }
        if breaksLongWords {
            var end = room
            if breaksOnHyphens, chunk.count > room, room > 0,
                let hyphen = chunk.prefix(room).lastIndex(of: "-"),
                chunk[..<hyphen].contains(where: { $0 != "-" })
            {
                end = hyphen - chunk.startIndex + 1
            }
            line.append(chunk.prefix(end))
            chunks[chunks.count - 1] = chunk.dropFirst(end)
        } else if line.isEmpty {
            line.append(chunk)
            chunks.removeLast()
        }
    }

    /// White space as this algorithm knows it.
    private func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\t", "\n", "\u{B}", "\u{C}", "\r", " ": true
        default: false
        }
    }

    /// Whether a chunk is blank (`strip()` leaves nothing).
    private func isSpace(_ chunk: ArraySlice<Unicode.Scalar>) -> Bool { chunk.allSatisfy(PythonCharacters.isSpace) }

    private func words(_ text: String) -> [ArraySlice<Unicode.Scalar>] {
        let scalars = Array(text.unicodeScalars)
        var chunks: [ArraySlice<Unicode.Scalar>] = []
        var start = 0
        while start < scalars.count {
            let kind = isSpace(scalars[start])
            let end = scalars[start...].firstIndex { isSpace($0) != kind } ?? scalars.count
            chunks.append(scalars[start..<end])
            start = end
        }
        return chunks
    }

    // MARK: Hyphens

    /// Chunks that end behind hyphens within words, and dashes as chunks of their own.
    private func hyphenated(_ text: String) -> [ArraySlice<Unicode.Scalar>] {
        let scalars = Array(text.unicodeScalars)
        var chunks: [ArraySlice<Unicode.Scalar>] = []
        var start = 0
        while start < scalars.count {
            let end = chunkEnd(scalars, start)
            chunks.append(scalars[start..<end])
            start = end
        }
        return chunks
    }

    private func chunkEnd(_ scalars: [Unicode.Scalar], _ start: Int) -> Int {
        if isSpace(scalars[start]) { return scalars[start...].firstIndex { !isSpace($0) } ?? scalars.count }
        if let end = dashEnd(scalars, start) { return end }
        // The shortest run of at least one character at whose end a word may be broken.
        var end = start + 1
        while end <= scalars.count {
            if end == scalars.count || isSpace(scalars[end]) { return end }
            if scalars[end] == "-", isHyphenBreak(scalars, end) { return end + 1 }
            if dashEnd(scalars, end) != nil { return end }
            end += 1
        }
        return scalars.count
    }

    /// Behind two hyphens or more between word characters; nil if there are none at `start`.
    private func dashEnd(_ scalars: [Unicode.Scalar], _ start: Int) -> Int? {
        guard start > 0, isWordPunctuation(scalars[start - 1]) else { return nil }
        var end = start
        while end < scalars.count, scalars[end] == "-" { end += 1 }
        guard end - start >= 2, end < scalars.count, PythonCharacters.isWord(scalars[end]) else { return nil }
        return end
    }

    /// Whether two letters stand on either side of the hyphen at `place`, perhaps with a hyphen between the two.
    private func isHyphenBreak(_ scalars: [Unicode.Scalar], _ place: Int) -> Bool {
        func isLetter(_ index: Int) -> Bool {
            guard scalars.indices.contains(index) else { return false }
            return PythonCharacters.isWord(scalars[index]) && !PythonCharacters.isDecimal(scalars[index])
        }
        let isBehindLetters = isLetter(place - 1) && isLetter(place - 2)
        let isBehindHyphen =
            isLetter(place - 1) && place >= 3 && scalars[place - 2] == "-" && isLetter(place - 3)
        guard isBehindLetters || isBehindHyphen, isLetter(place + 1) else { return false }
        if isLetter(place + 2) { return true }
        return place + 2 < scalars.count && scalars[place + 2] == "-" && isLetter(place + 3)
    }

    private func isWordPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "!", "\"", "'", "&", ".", ",", "?": true
        default: PythonCharacters.isWord(scalar)
        }
    }
}
