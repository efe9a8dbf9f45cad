/// Turns the URLs and mail addresses of escaped text into links, by the rules of Jinja's `urlize`.
struct Urlizer {
    /// Links are shown cut to so many characters.
    let limit: Value?
    let rel: String
    let target: String
    let meter: WorkMeter
    /// Further prefixes that make a word a link.
    let schemes: [String]

    /// A name of two characters or more, a colon, and up to two slashes.
    static func isSchemePrefix(_ text: String) -> Bool {
        var scalars = Array(text.unicodeScalars)
        var slashes = 0
        while scalars.last == "/", slashes < 2 {
            scalars.removeLast()
            slashes += 1
        }
        guard scalars.popLast() == ":" else { return false }
        return scalars.count >= 2
            && scalars.allSatisfy { PythonCharacters.isWord($0) || ".+-".unicodeScalars.contains($0) }
    }

    func urlize(_ text: String) throws(TemplateError) -> String {
        var result = ""
        var rest = text.unicodeScalars[...]
        while !rest.isEmpty {
            let isSpace = PythonCharacters.isSpace(rest[rest.startIndex])
            let word = rest.prefix { PythonCharacters.isSpace($0) == isSpace }
            result += isSpace ? String(word) : try link(Array(word))
            rest = rest[word.endIndex...]
        }
        return result
    }

    private func link(_ word: [Unicode.Scalar]) throws(TemplateError) -> String {
        var middle = word[...]
        while let length = Self.prefix(middle, ["(", "<", "&lt;"]) { middle = middle.dropFirst(length) }
        let head = word[..<middle.startIndex]
        while let length = Self.suffix(middle, [")", ">", ".", ",", "&gt;"]) { middle = middle.dropLast(length) }
        var tail = word[middle.endIndex...]
        for (opening, closing) in [("(", ")"), ("<", ">"), ("&lt;", "&gt;")] {
            balance(&middle, &tail, word, Array(opening.unicodeScalars), Array(closing.unicodeScalars))
        }
        let text = PythonStrings.string(middle)
        return PythonStrings.string(head) + (try linked(text)) + PythonStrings.string(tail)
    }

    private static func prefix(_ text: ArraySlice<Unicode.Scalar>, _ candidates: [String]) -> Int? {
        candidates.first { text.starts(with: $0.unicodeScalars) }?.unicodeScalars.count
    }

    private static func suffix(_ text: ArraySlice<Unicode.Scalar>, _ candidates: [String]) -> Int? {
        candidates.first { text.reversed().starts(with: $0.unicodeScalars.reversed()) }?.unicodeScalars.count
    }

    /// Moves closing brackets from the tail to a middle that has more opening ones.
    private func balance(
        _ middle: inout ArraySlice<Unicode.Scalar>, _ tail: inout ArraySlice<Unicode.Scalar>,
        _ word: [Unicode.Scalar], _ opening: [Unicode.Scalar], _ closing: [Unicode.Scalar]
    ) {
        func count(_ text: ArraySlice<Unicode.Scalar>, _ part: [Unicode.Scalar]) -> Int {
            PythonStrings.count(PythonStrings.string(part), in: PythonStrings.string(text))
        }
        let opened = count(middle, opening)
        guard opened > count(middle, closing) else { return }
        var (missing, place) = (min(opened, count(tail, closing)), tail.startIndex)
        while missing > 0, place < tail.endIndex {
            if tail[place...].starts(with: closing) {
                place += closing.count
                middle = word[middle.startIndex..<place]
                missing -= 1
            } else {
                place += 1
            }
        }
        tail = word[middle.endIndex...]
    }

    private func linked(_ text: String) throws(TemplateError) -> String {
        let scalars = Array(text.unicodeScalars)
        if WebAddress.matches(scalars) {
            let isComplete = ["https://", "http://"].contains { scalars.starts(with: $0.unicodeScalars) }
            return anchor(isComplete ? text : "https://\(text)", try trimmed(scalars))
        }
        let mailto = Array("mailto:".unicodeScalars)
        if scalars.starts(with: mailto), WebAddress.isMail(Array(scalars.dropFirst(mailto.count))) {
            return "<a href=\"\(text)\">\(PythonStrings.string(scalars.dropFirst(mailto.count)))</a>"
        }
        if scalars.contains("@"), !scalars.starts(with: "www.".unicodeScalars), scalars.first != "@",
            !scalars.contains(":"), WebAddress.isMail(scalars)
        {
            return "<a href=\"mailto:\(text)\">\(text)</a>"
        }
        var result = text
        for scheme in schemes {
            let current = Array(result.unicodeScalars)
            if current.count > scheme.unicodeScalars.count, current.starts(with: scheme.unicodeScalars) {
                result = anchor(result, result)
            }
        }
        return result
    }

    private func trimmed(_ scalars: [Unicode.Scalar]) throws(TemplateError) -> String {
        guard let limit, try PythonComparison.order(.integer(scalars.count), limit, .greater, meter) else {
            return PythonStrings.string(scalars)
        }
        let limitCount = try limit.cInteger("slice indices must be integers or None or have an __index__ method")
        let end = limitCount < 0 ? max(0, scalars.count + limitCount) : limitCount
        return PythonStrings.string(scalars.prefix(end)) + "..."
    }

    private func anchor(_ address: String, _ text: String) -> String {
        let relation = rel.isEmpty ? "" : " rel=\"\(Markup.escape(rel))\""
        let window = target.isEmpty ? "" : " target=\"\(target)\""
        return "<a href=\"\(address)\"\(relation)\(window)>\(text)</a>"
    }
}
