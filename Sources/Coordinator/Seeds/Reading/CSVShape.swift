import JSON

/// How a CSV file is written and what its columns hold, found out by reading it.
struct CSVShape: Sendable {
    let delimiter: UInt8?
    let columns: [String]
    let hasHeader: Bool
    let kinds: [CSVKinds.Chosen]
    let rows: Int64

    private static let delimiters = [UInt8(ascii: ","), UInt8(ascii: "|"), UInt8(ascii: ";"), UInt8(ascii: "\t")]

    /// Reads the whole file once.
    init(path: String) throws(SeedError) {
        delimiter = try Self.delimiter(of: path)
        var first: CSVRow?
        var kinds: [CSVKinds] = []
        var seen: [Bool] = []
        var rows: Int64 = 0
        try Self.forEachRow(of: path, delimiter: delimiter) { row throws(SeedError) in
            guard row.isValidText else { throw SeedError("\(path):\(row.line): not UTF-8") }
            guard let header = first else {
                first = copy row
                kinds = .init(repeating: .all, count: row.count)
                seen = .init(repeating: false, count: row.count)
                return
            }
            guard row.count == header.count else {
                throw SeedError(
                    "\(path):\(row.line): \(row.count) fields, but the first line has \(header.count)",
                    next: "Put fields that hold the delimiter or line breaks into double quotes.")
            }
            rows += 1
            for field in 0..<row.count where !row[field].isEmpty {
                seen[field] = true
                // A column that is text already stays so.
                if !kinds[field].isEmpty { kinds[field].formIntersection(CSVKinds(of: row[field])) }
            }
        }
        guard let first else { throw SeedError("\(path) is empty") }
        let chosen = zip(kinds, seen).map { $0.chosen(hasValues: $1) }
        let isHeader = Self.isHeader(first, chosen, rows)
        hasHeader = isHeader
        columns = ColumnNames.unique((0..<first.count).map { isHeader ? Self.trimmed(first.text($0)) : "" })
        self.rows = hasHeader ? rows : rows + 1
        self.kinds =
            hasHeader
            ? chosen
            : (0..<first.count).map { field in
                first[field].isEmpty
                    ? chosen[field]
                    : kinds[field].intersection(CSVKinds(of: first[field])).chosen(hasValues: true)
            }
    }

    /// The first line names the columns where all of the data is text, or where it cannot be data itself.
    private static func isHeader(_ first: CSVRow, _ kinds: [CSVKinds.Chosen], _ rows: Int64) -> Bool {
        if rows == 0 || kinds.allSatisfy({ $0 == .text }) { return true }
        return kinds.enumerated().contains { field, kind in
            kind != .text && CSVKinds.value(first[field], as: kind) == nil
        }
    }

    private static func trimmed(_ name: String) -> String {
        var rest = name[...]
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }

    /// The delimiter that cuts every line of the file's beginning into as many fields, and into the most; nil where
    /// none cuts any.
    private static func delimiter(of path: String) throws(SeedError) -> UInt8? {
        let bytes = try FileBytes(path)
        var head: [UInt8] = []
        var isWhole = false
        while head.count < 1 << 20 {
            let piece = try bytes.next()
            isWhole = piece.isEmpty
            if isWhole { break }
            head += piece
        }
        var best: (delimiter: UInt8, fields: Int)?
        for delimiter in delimiters where head.contains(delimiter) {
            if let fields = fields(of: head, by: delimiter, isWhole: isWhole), fields > max(1, best?.fields ?? 1) {
                best = (delimiter, fields)
            }
        }
        // A comma that does not cut evenly is more likely a fault of the file than a text without fields.
        if best == nil, head.prefix(while: { $0 != UInt8(ascii: "\n") }).contains(UInt8(ascii: ",")) {
            return UInt8(ascii: ",")
        }
        return best?.delimiter
    }

    private static func fields(of head: [UInt8], by delimiter: UInt8, isWhole: Bool) -> Int? {
        var parser = CSVParser(delimiter: delimiter)
        var count: Int?
        var isEven = true
        func look(_ row: borrowing CSVRow) {
            if row.isBlank { return }
            if let known = count { isEven = isEven && known == row.count } else { count = row.count }
        }
        do throws(SeedError) {
            try parser.take(head[...]) { row throws(SeedError) in look(row) }
            if isWhole { try parser.finish { row throws(SeedError) in look(row) } }
        } catch {
            return nil
        }
        return isEven ? count : nil
    }

    /// Every record, the header too; blank lines are none where there is a delimiter.
    static func forEachRow(
        of path: String, delimiter: UInt8?, _ body: (borrowing CSVRow) throws(SeedError) -> Void
    ) throws(SeedError) {
        let bytes = try FileBytes(path)
        var parser = CSVParser(delimiter: delimiter)
        func look(_ row: borrowing CSVRow) throws(SeedError) {
            if row.isBlank, delimiter != nil { return }
            try body(row)
        }
        do throws(SeedError) {
            while true {
                let piece = try bytes.next()
                if piece.isEmpty { break }
                try parser.take(piece) { row throws(SeedError) in try look(row) }
            }
            try parser.finish { row throws(SeedError) in try look(row) }
        } catch {
            // The parser knows lines, not files.
            throw error.description.hasPrefix(path)
                ? error : SeedError("\(path): \(error.description)", next: error.next)
        }
    }

    /// The values of a record by column.
    func values(of row: borrowing CSVRow, in path: String) throws(SeedError) -> [JSONValue] {
        guard row.count == columns.count else { throw Self.changed(path) }
        var values: [JSONValue] = []
        values.reserveCapacity(columns.count)
        for (field, kind) in kinds.enumerated() {
            guard let value = CSVKinds.value(row[field], as: kind) else { throw Self.changed(path) }
            values.append(value)
        }
        return values
    }

    static func changed(_ path: String) -> SeedError {
        SeedError("\(path) changed while it was read", next: "Submit again once nobody writes to it.")
    }
}
