import JSON

/// A file of JSON objects, as an array or one after the other; or of other values, which become the column `json`.
struct JSONFile: Sendable {
    let columns: [String]
    let rows: Int64
    private let path: String
    private let shape: JSONShape

    /// Reads the whole file once.
    init(path: String) throws(SeedError) {
        self.path = path
        var shape = JSONShape.none
        var rows: Int64 = 0
        try Self.forEachValue(of: path) { value throws(SeedError) in
            shape = shape.merged(with: JSONShape(of: value))
            rows += 1
            if case .object(let names, _) = shape, names.count > JSONShape.maximumNames {
                throw SeedError("\(path): more than \(JSONShape.maximumNames) different names")
            }
        }
        if case .object(let names, _) = shape { columns = ColumnNames.unique(names) } else { columns = ["json"] }
        self.rows = rows
        self.shape = shape
    }

    func forEachRow(_ body: ([JSONValue]) throws(SeedError) -> Void) throws(SeedError) {
        try Self.forEachValue(of: path) { value throws(SeedError) in
            guard let typed = shape.value(value) else { throw CSVShape.changed(path) }
            if case .object = shape {
                try body(typed.objectValue?.values ?? .init(repeating: .null, count: columns.count))
            } else {
                try body([typed])
            }
        }
    }

    private static func forEachValue(
        of path: String, _ body: (JSONValue) throws(SeedError) -> Void
    ) throws(SeedError) {
        let bytes = try FileBytes(path)
        var elements = JSONElements()
        func parse(_ bytes: [UInt8], _ line: Int) throws(SeedError) {
            let value: JSONValue
            do throws(JSONError) {
                value = try JSONValue(parsing: bytes, options: .python)
            } catch {
                throw SeedError("\(path):\(line + error.line - 1): not JSON: \(error.reason)")
            }
            try body(value)
        }
        var isFirst = true
        do throws(SeedError) {
            while true {
                var piece = try bytes.next()
                if piece.isEmpty { break }
                if isFirst, piece.starts(with: [0xEF, 0xBB, 0xBF]) { piece = piece.dropFirst(3) }
                isFirst = false
                try elements.take(piece) { bytes, line throws(SeedError) in try parse(bytes, line) }
            }
            try elements.finish { bytes, line throws(SeedError) in try parse(bytes, line) }
        } catch {
            throw error.description.hasPrefix(path)
                ? error : SeedError("\(path): \(error.description)", next: error.next)
        }
    }
}
