/// Takes a CSV file apart (RFC 4180, with any delimiter): bytes in, records out. Lines end in LF or CR LF.
struct CSVParser: Sendable {
    private enum State: Sendable {
        case fieldStart, plain, quoted
        /// After a quote inside quotes: its end, or the first of two.
        case quote
    }

    /// Nil: a line is one field.
    private let delimiter: UInt8?
    private var state = State.fieldStart
    private var row = CSVRow()
    private var line = 1
    private var isFirstByte = true

    static let maximumRowBytes = 16 << 20

    init(delimiter: UInt8?) { self.delimiter = delimiter }

    /// Gives each record that ends in `piece` to `body`.
    mutating func take(
        _ piece: ArraySlice<UInt8>, _ body: (borrowing CSVRow) throws(SeedError) -> Void
    ) throws(SeedError) {
        var rest = piece
        if isFirstByte { rest = withoutByteOrderMark(rest) }
        var at = rest.startIndex
        while at < rest.endIndex {
            let byte = rest[at]
            switch state {
            case .fieldStart where byte == UInt8(ascii: "\""):
                state = .quoted
                at += 1
            case .fieldStart, .plain:
                if byte == UInt8(ascii: "\n") {
                    try endRow(body)
                } else if byte == delimiter {
                    row.endField()
                    state = .fieldStart
                } else if byte != UInt8(ascii: "\r") {
                    state = .plain
                    let start = at
                    while at < rest.endIndex, !endsRun(rest[at]) { at += 1 }
                    row.append(rest[start..<at])
                    continue
                }
                at += 1
            case .quoted:
                let start = at
                while at < rest.endIndex, rest[at] != UInt8(ascii: "\"") {
                    if rest[at] == UInt8(ascii: "\n") { line += 1 }
                    at += 1
                }
                row.append(rest[start..<at])
                guard row.bytes.count <= Self.maximumRowBytes else {
                    throw SeedError(
                        "line \(row.line): a record is longer than 16 MiB",
                        next: "Is a quote missing there?")
                }
                if at < rest.endIndex {
                    state = .quote
                    at += 1
                }
            case .quote:
                if byte == UInt8(ascii: "\"") {
                    row.append(byte)
                    state = .quoted
                    at += 1
                } else {
                    state = .plain
                }
            }
        }
    }

    /// The last record, when no line break ends it.
    mutating func finish(_ body: (borrowing CSVRow) throws(SeedError) -> Void) throws(SeedError) {
        if state == .quoted {
            throw SeedError("line \(row.line): a quote is never closed", next: "Two quotes inside quotes are one.")
        }
        if state != .fieldStart || row.count > 0 { try endRow(body) }
    }

    private func endsRun(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") || byte == delimiter
    }

    private mutating func endRow(_ body: (borrowing CSVRow) throws(SeedError) -> Void) throws(SeedError) {
        row.endField()
        line += 1
        try body(row)
        row.removeAll(line: line)
        state = .fieldStart
    }

    private mutating func withoutByteOrderMark(_ piece: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        isFirstByte = false
        return piece.starts(with: [0xEF, 0xBB, 0xBF]) ? piece.dropFirst(3) : piece
    }
}
