/// Finds the code blocks of a CommonMark text, in their order.
///
/// It reads blocks only: what containers (quotes, list items) a line stands in, and whether it belongs to a fence, an
/// indented block, an HTML block or a paragraph. That is all that decides what is a code block. One pass, linear in the
/// text but for the depth of containers, which is bounded.
package struct MarkdownReader {
    private enum Container {
        case quote
        /// A list item: its content begins at this many columns from its container's.
        case item(indent: Int)
    }

    private enum Leaf {
        case none
        case paragraph
        case fence(character: UInt8, length: Int, indent: Int, language: String?)
        case indented
        case html(MarkdownHTML)
    }

    private static let deepest = 64

    private var containers: [Container] = []
    private var leaf = Leaf.none
    private var blocks: [CodeBlock] = []
    private var code: [UInt8] = []
    /// A list item began with nothing on its line: with a blank line next it is over.
    private var isItemEmpty = false

    /// The code blocks of a text.
    ///
    /// A line that ends in `>` does not hide a fence on the next one, as the tag of an HTML block would by CommonMark:
    /// models close their tags so.
    package static func codeBlocks(of text: String) -> [CodeBlock] {
        var text = text
        return text.withUTF8 { bytes in
            var reader = MarkdownReader()
            var start = 0
            while start < bytes.count {
                var end = start
                while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
                reader.read(MarkdownLine(bytes, start..<end))
                let endsInTag = end > start && bytes[end - 1] == 0x3E
                if end + 1 < bytes.count, bytes[end] == 0x0D, bytes[end + 1] == 0x0A { end += 1 }
                start = end + 1
                let isFence = start + 3 <= bytes.count && bytes[start..<(start + 3)].allSatisfy { $0 == 0x60 }
                if endsInTag, isFence { reader.read(MarkdownLine(bytes, end..<end)) }
            }
            reader.closeLeaf()
            return reader.blocks
        }
    }

    // MARK: Lines

    private mutating func read(_ line: MarkdownLine) {
        var line = line
        let matched = matchContainers(&line)
        if matched == containers.count, continueLeaf(line) { return }
        if matched < containers.count {
            // A paragraph may go on without its containers' markers.
            if case .paragraph = leaf, !line.isBlank, !beginsBlock(line) { return }
            close(to: matched)
        }
        open(&line)
    }

    /// Takes the markers of the containers that this line goes on in.
    private mutating func matchContainers(_ line: inout MarkdownLine) -> Int {
        for (depth, container) in containers.enumerated() {
            switch container {
            case .quote:
                guard line.indent <= 3, line.text.first == 0x3E else { return depth }
                takeQuoteMarker(&line)
            case .item(let indent):
                if line.isBlank {
                    if isItemEmpty, depth == containers.count - 1 { return depth }
                } else if line.indent >= indent {
                    line.takeColumns(indent)
                } else {
                    return depth
                }
            }
        }
        return containers.count
    }

    private func takeQuoteMarker(_ line: inout MarkdownLine) {
        line.takeColumns(line.indent)
        line.take(1)
        if line.next == 0x20 || line.next == 0x09 { line.takeColumns(1) }
    }

    /// Whether the line belongs to the code or HTML that is open.
    private mutating func continueLeaf(_ line: MarkdownLine) -> Bool {
        var line = line
        switch leaf {
        case .fence(let character, let length, let indent, _):
            if line.indent <= 3, MarkdownMarkers.isClosing(line.text, character, length) {
                closeLeaf()
                return true
            }
            line.takeColumns(indent)
            line.append(to: &code)
            return true
        case .indented:
            guard line.isBlank || line.indent >= 4 else {
                closeLeaf()
                return false
            }
            line.takeColumns(4)
            line.append(to: &code)
            return true
        case .html(let html):
            if html == .untilBlank, line.isBlank {
                leaf = .none
            } else if html.isEnded(by: line.text) {
                leaf = .none
            }
            return true
        case .none, .paragraph: return false
        }
    }

    /// Opens what the rest of the line begins: containers, then a leaf.
    private mutating func open(_ line: inout MarkdownLine) {
        while containers.count < Self.deepest, !line.isBlank, line.indent <= 3 {
            let text = line.text
            if text.first == 0x3E {
                closeLeaf()
                takeQuoteMarker(&line)
                containers.append(.quote)
            } else if !MarkdownMarkers.isThematicBreak(text), let marker = MarkdownMarkers.listMarker(text),
                marker.interrupts || !isParagraph
            {
                closeLeaf()
                openItem(&line, marker.length)
            } else {
                break
            }
        }
        openLeaf(line)
    }

    private var isParagraph: Bool { if case .paragraph = leaf { true } else { false } }

    private mutating func openItem(_ line: inout MarkdownLine, _ marker: Int) {
        let start = line.column
        line.takeColumns(line.indent)
        line.take(marker)
        isItemEmpty = line.isBlank
        // One column is the marker's; five or more belong to an indented block in the item.
        let columns = line.indent
        let taken = isItemEmpty ? 1 : columns >= 5 ? 1 : columns
        if !isItemEmpty { line.takeColumns(taken) }
        let width = isItemEmpty ? line.column - start + 1 : line.column - start
        containers.append(.item(indent: width))
    }

    private mutating func openLeaf(_ line: MarkdownLine) {
        if line.isBlank {
            closeLeaf()
            return
        }
        isItemEmpty = false
        let indent = line.indent
        if indent >= 4 {
            if isParagraph { return }
            closeLeaf()
            leaf = .indented
            var line = line
            line.takeColumns(4)
            line.append(to: &code)
            return
        }
        let text = line.text
        if let fence = MarkdownMarkers.fence(text) {
            closeLeaf()
            leaf = .fence(
                character: fence.character, length: fence.length, indent: indent, language: fence.language)
        } else if let html = MarkdownHTML.beginning(text, interrupts: isParagraph) {
            closeLeaf()
            if !html.isEnded(by: text) { leaf = .html(html) }
        } else if MarkdownMarkers.isHeading(text) || MarkdownMarkers.isThematicBreak(text)
            || (isParagraph && MarkdownMarkers.isUnderline(text))
        {
            closeLeaf()
        } else {
            leaf = .paragraph
        }
    }

    /// Whether a line would interrupt a paragraph.
    private func beginsBlock(_ line: MarkdownLine) -> Bool {
        guard line.indent <= 3 else { return false }
        let text = line.text
        return text.first == 0x3E || MarkdownMarkers.fence(text) != nil || MarkdownMarkers.isHeading(text)
            || MarkdownMarkers.isThematicBreak(text) || MarkdownMarkers.listMarker(text)?.interrupts == true
            || MarkdownHTML.beginning(text, interrupts: true) != nil
    }

    // MARK: Ends

    private mutating func close(to depth: Int) {
        closeLeaf()
        containers.removeSubrange(depth...)
    }

    private mutating func closeLeaf() {
        switch leaf {
        case .fence(_, _, _, let language):
            blocks.append(CodeBlock(language: language, code: String(decoding: code, as: UTF8.self)))
        case .indented:
            // Blank lines behind it are not part of it.
            while code.count >= 2, code[code.count - 1] == 0x0A, code[code.count - 2] == 0x0A { code.removeLast() }
            blocks.append(CodeBlock(language: nil, code: String(decoding: code, as: UTF8.self)))
        case .none, .paragraph, .html: break
        }
        leaf = .none
        code.removeAll(keepingCapacity: true)
    }
}
