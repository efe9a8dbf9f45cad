/// What stands on a terminal after a text was written to it: line breaks, wrapping, colours, and the cursor's way up.
package struct TerminalScreen {
    private let columns: Int
    package private(set) var lines: [[Character]] = [[]]
    private var row = 0
    private var column = 0
    /// A character was written behind the last column: a line that was too long.
    package private(set) var hasWrapped = false
    /// Anything coloured was written.
    package private(set) var hasColor = false

    package init(_ text: String, columns: Int) {
        self.columns = columns
        var rest = Array(text.unicodeScalars)[...]
        while let next = rest.popFirst() {
            switch next {
            case "\r": column = 0
            case "\n": lineFeed()
            case "\u{1b}": sequence(&rest)
            default: put(Character(next))
            }
        }
    }

    package var text: [String] { lines.map { String($0) } }

    private mutating func lineFeed() {
        row += 1
        if row == lines.count { lines.append([]) }
    }

    private mutating func put(_ character: Character) {
        if column == columns {
            hasWrapped = true
            column = 0
            lineFeed()
        }
        while lines[row].count <= column { lines[row].append(" ") }
        lines[row][column] = character
        column += 1
    }

    /// `ESC [ number letter`.
    private mutating func sequence(_ rest: inout ArraySlice<UnicodeScalar>) {
        guard rest.popFirst() == "[" else { return }
        var number = ""
        while let next = rest.popFirst() {
            if ("0"..."9").contains(next) || next == ";" {
                number.unicodeScalars.append(next)
                continue
            }
            switch next {
            case "A": row = max(0, row - (Int(number) ?? 1))
            case "K": lines[row] = []
            case "J":
                lines.removeSubrange((row + 1)...)
                lines[row] = Array(lines[row].prefix(column))
            case "m": hasColor = hasColor || number != "0"
            default: break
            }
            return
        }
    }
}
