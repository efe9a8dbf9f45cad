import Glibc
package import JSON
package import Workflow

/// The seed data set of a workflow, opened: its columns, its size, and its records one after the other.
///
/// Reads files; a cluster's coordinator never does (it reads what `submit` froze).
package struct SeedSource: Sendable {
    private enum Part: Sendable {
        case csv(path: String, CSVShape)
        case json(JSONFile)
        case files(FolderFiles)
    }

    package let columns: [String]
    package let rows: Int64
    private let parts: [Part]

    /// Reads the data once, to find types and size.
    ///
    /// - Throws: in the words of the source: which file, which line, what to do.
    package init(_ source: SeedConfig.Source) throws(SeedError) {
        switch source {
        case .local(let path):
            var parts: [Part] = []
            var columns: [String]?
            var rows: Int64 = 0
            for file in try Self.files(path) {
                let part = try Self.part(file)
                if let columns, columns != part.columns {
                    throw SeedError(
                        "\(file) has other columns than the files before it: \(part.columns.joined(separator: ", "))")
                }
                columns = part.columns
                rows += part.rows
                parts.append(part.part)
            }
            self.columns = columns ?? []
            self.rows = rows
            self.parts = parts
        case .directory(let selection):
            let files = try FolderFiles(selection, encoding: nil)
            (columns, rows, parts) = (source.columns ?? [], files.count, [.files(files)])
        case .fileContents(let selection, let encoding):
            let files = try FolderFiles(selection, encoding: encoding)
            (columns, rows, parts) = (source.columns ?? [], files.count, [.files(files)])
        case .huggingFace, .agentRollout:
            throw SeedError("a seed data set of type \(source.typeName) cannot be read")
        }
        guard rows > 0 else { throw SeedError("the seed data set has no records") }
    }

    /// The records in order, each with a value for each column.
    package func forEachRow(_ body: ([JSONValue]) throws(SeedError) -> Void) throws(SeedError) {
        for part in parts {
            switch part {
            case .csv(let path, let shape):
                var isFirst = true
                try CSVShape.forEachRow(of: path, delimiter: shape.delimiter) { row throws(SeedError) in
                    if isFirst, shape.hasHeader {
                        isFirst = false
                        return
                    }
                    isFirst = false
                    try body(shape.values(of: row, in: path))
                }
            case .json(let file): try file.forEachRow(body)
            case .files(let files): try files.forEachRow(body)
            }
        }
    }

    private static func part(_ path: String) throws(SeedError) -> (part: Part, columns: [String], rows: Int64) {
        if path.hasSuffix(".parquet") { throw parquet(path) }
        if path.hasSuffix(".csv") {
            let shape = try CSVShape(path: path)
            return (.csv(path: path, shape), shape.columns, shape.rows)
        }
        let file = try JSONFile(path: path)
        return (.json(file), file.columns, file.rows)
    }

    private static func parquet(_ path: String) -> SeedError {
        let stem = path.dropLast(".parquet".count)
        return SeedError(
            "\(path) is a Parquet file, which cannot be read yet",
            next: """
                Convert it, and name the new file in the workflow: python -c "import pandas; \
                pandas.read_parquet('\(path)').to_json('\(stem).jsonl', orient='records', lines=True)"
                """)
    }

    /// The files of a path whose last part may be a pattern, in the order of their names.
    private static func files(_ path: String) throws(SeedError) -> [String] {
        guard path.contains(where: { "*?[".contains($0) }) else {
            guard access(path, F_OK) == 0 else {
                throw SeedError(
                    "there is no file \(path)", next: "A seed's path is relative to the folder that you are in.")
            }
            return [path]
        }
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(path, 0, nil, &found) == 0, found.gl_pathc > 0 else {
            throw SeedError("no file matches \(path)")
        }
        return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
    }
}
