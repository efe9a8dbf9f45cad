import Glibc
import JSON
import Workflow

/// The files of a folder whose names match a pattern, one record each.
struct FolderFiles: Sendable {
    private let folder: String
    /// Relative paths in byte order.
    private let paths: [String]
    /// Set where the records hold the files' texts.
    private let encoding: String?

    var count: Int64 { Int64(paths.count) }

    init(_ selection: SeedConfig.FileSelection, encoding: String?) throws(SeedError) {
        self.encoding = encoding
        guard let absolute = realpath(selection.path, nil) else {
            throw SeedError("there is no folder \(selection.path)")
        }
        defer { free(absolute) }
        folder = String(cString: absolute)
        var paths: [String] = []
        try Self.collect(folder, "", selection, &paths)
        self.paths = paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        guard !paths.isEmpty else {
            throw SeedError("no file in \(selection.path) matches \(selection.pattern)")
        }
    }

    private static func collect(
        _ folder: String, _ prefix: String, _ selection: SeedConfig.FileSelection, _ paths: inout [String]
    ) throws(SeedError) {
        guard let stream = opendir(prefix.isEmpty ? folder : "\(folder)/\(prefix)") else {
            throw SeedError("\(folder)/\(prefix) cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { closedir(stream) }
        var folders: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            let path = prefix.isEmpty ? name : "\(prefix)/\(name)"
            var status = stat()
            guard stat("\(folder)/\(path)", &status) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            // A link to a folder could lead in a circle.
            case S_IFDIR where selection.isRecursive && !isLink("\(folder)/\(path)"): folders.append(path)
            case S_IFREG where fnmatch(selection.pattern, name, 0) == 0: paths.append(path)
            default: break
            }
        }
        for path in folders { try collect(folder, path, selection, &paths) }
    }

    private static func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    func forEachRow(_ body: ([JSONValue]) throws(SeedError) -> Void) throws(SeedError) {
        for path in paths {
            let absolute = "\(folder)/\(path)"
            var row: [JSONValue] = [
                encoding == nil ? "directory_file" : "file_contents", .string(absolute), .string(path),
                .string(path.split(separator: "/").last.map(String.init) ?? path),
            ]
            if let encoding { row.append(.string(try Self.text(of: absolute, encoding))) }
            try body(row)
        }
    }

    /// The file's text; line ends as Python's text files give them.
    private static func text(of path: String, _ encoding: String) throws(SeedError) -> String {
        let bytes = try FileBytes.all(of: path, limit: SeedPiece.maximumRowBytes)
        guard let text = TextEncoding.text(bytes, encoding) else {
            throw SeedError(
                "\(path) is not \(encoding)", next: "Name its encoding in the seed source, or leave the file out.")
        }
        return text.contains("\r")
            ? text.split(separator: "\r\n", omittingEmptySubsequences: false).joined(separator: "\n")
                .replacing("\r", with: "\n") : text
    }
}
