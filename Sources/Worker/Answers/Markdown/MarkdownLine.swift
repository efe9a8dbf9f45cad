/// A line that is taken apart from the left: containers' markers, indentation, text. Tabs reach to the next multiple of
/// four columns, and may be taken in part.
struct MarkdownLine {
    let bytes: UnsafeBufferPointer<UInt8>
    let end: Int
    private(set) var at: Int
    private(set) var column = 0
    /// Columns of the tab at `at` that are not taken yet; 0 for none begun.
    private var tabRest = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
        self.bytes = bytes
        at = range.lowerBound
        end = range.upperBound
    }

    var next: UInt8 { at < end ? bytes[at] : 0 }

    /// Columns of white space up to the text.
    var indent: Int {
        var width = tabRest
        var place = tabRest > 0 ? at + 1 : at
        while place < end {
            if bytes[place] == 0x20 {
                width += 1
            } else if bytes[place] == 0x09 {
                width += 4 - (column + width) % 4
            } else {
                break
            }
            place += 1
        }
        return width
    }

    var isBlank: Bool {
        for place in at..<end where bytes[place] != 0x20 && bytes[place] != 0x09 { return false }
        return true
    }

    /// Takes so many columns of white space at most.
    mutating func takeColumns(_ count: Int) {
        var left = count
        while left > 0, at < end {
            if bytes[at] == 0x20 {
                at += 1
                column += 1
                left -= 1
            } else if bytes[at] == 0x09 {
                if tabRest == 0 { tabRest = 4 - column % 4 }
                let taken = min(left, tabRest)
                column += taken
                left -= taken
                tabRest -= taken
                if tabRest == 0 { at += 1 }
            } else {
                return
            }
        }
    }

    /// Takes bytes that are not white space.
    mutating func take(_ count: Int) {
        at += count
        column += count
    }

    /// What is left, with the spaces of a tab that was taken in part.
    func append(to text: inout [UInt8]) {
        var start = at
        if tabRest > 0 {
            for _ in 0..<tabRest { text.append(0x20) }
            start += 1
        }
        if start < end { text.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<end])) }
        text.append(0x0A)
    }

    /// The text from its first byte on that is no white space.
    var text: UnsafeBufferPointer<UInt8> {
        var start = at
        while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
        return UnsafeBufferPointer(rebasing: bytes[start..<end])
    }
}
