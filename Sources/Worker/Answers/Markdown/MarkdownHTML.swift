/// The seven kinds of HTML blocks, in which nothing else is read.
enum MarkdownHTML: Hashable {
    /// Until a line that has one of these.
    case until([String])
    /// Until a blank line.
    case untilBlank

    /// The kind that a line begins, which begins with `<`.
    static func beginning(_ text: UnsafeBufferPointer<UInt8>, interrupts: Bool) -> MarkdownHTML? {
        guard text.first == 0x3C, text.count > 1 else { return nil }
        let line = String(decoding: text, as: UTF8.self)
        let lowered = line.lowercased()
        for name in ["script", "pre", "style", "textarea"] where lowered.hasPrefix("<" + name) {
            let rest = lowered.utf8.dropFirst(name.utf8.count + 1).first
            if rest == nil || rest == 0x20 || rest == 0x09 || rest == 0x3E {
                return .until(["</script>", "</pre>", "</style>", "</textarea>"])
            }
        }
        if line.hasPrefix("<!--") { return .until(["-->"]) }
        if line.hasPrefix("<?") { return .until(["?>"]) }
        if line.hasPrefix("<![CDATA[") { return .until(["]]>"]) }
        if line.hasPrefix("<!"), let letter = line.utf8.dropFirst(2).first, isLetter(letter) { return .until([">"]) }
        var name = lowered.utf8.dropFirst()
        if name.first == 0x2F { name = name.dropFirst() }
        let word = String(name.prefix { isLetter($0) || ($0 >= 0x30 && $0 <= 0x39) }) ?? ""
        let behind = name.dropFirst(word.utf8.count)
        if blockTags.contains(word) {
            let isEnd =
                behind.isEmpty || behind.first == 0x20 || behind.first == 0x09 || behind.first == 0x3E
                || behind.starts(with: "/>".utf8)
            if isEnd { return .untilBlank }
        }
        if !interrupts, isWholeTag(Array(line.utf8)) { return .untilBlank }
        return nil
    }

    /// Whether a line of the block ends it.
    func isEnded(by text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard case .until(let marks) = self else { return false }
        let line = String(decoding: text, as: UTF8.self).lowercased()
        return marks.contains { line.contains($0) }
    }

    /// One open or closing tag and nothing but white space behind it.
    private static func isWholeTag(_ line: [UInt8]) -> Bool {
        var at = 1
        let isClosing = at < line.count && line[at] == 0x2F
        if isClosing { at += 1 }
        guard at < line.count, isLetter(line[at]) else { return false }
        while at < line.count, isLetter(line[at]) || (line[at] >= 0x30 && line[at] <= 0x39) || line[at] == 0x2D {
            at += 1
        }
        var quote: UInt8?
        while at < line.count {
            let byte = line[at]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == 0x22 || byte == 0x27 {
                if isClosing || line[at - 1] != 0x3D { return false }
                quote = byte
            } else if byte == 0x3E {
                return line[(at + 1)...].allSatisfy(MarkdownMarkers.isSpace)
            } else if byte == 0x3C || byte == 0x60 {
                return false
            } else if isClosing, !MarkdownMarkers.isSpace(byte) {
                return false
            }
            at += 1
        }
        return false
    }

    private static func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A }

    private static let blockTags: Set<String> = [
        "address", "article", "aside", "base", "basefont", "blockquote", "body", "caption", "center", "col",
        "colgroup", "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer",
        "form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "iframe",
        "legend", "li", "link", "main", "menu", "menuitem", "nav", "noframes", "ol", "optgroup", "option", "p",
        "param", "search", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr",
        "track", "ul",
    ]
}
