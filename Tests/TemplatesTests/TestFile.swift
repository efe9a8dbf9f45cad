import Glibc
import JSON

/// Files that the tests read, found from the place of this source file.
enum TestFile {
    private static let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()

    /// A file beside the tests.
    static func corpus(_ name: String) throws -> JSONValue {
        try JSONValue(parsing: read((folder + ["Corpus", Substring(name)]).joined(separator: "/")))
    }

    /// The cases that come with the project's shared folder, nil where that is not at hand.
    static let vectors: JSONValue? = {
        let path = (folder.dropLast(3) + ["shared", "vectors", "jinja.json"]).joined(separator: "/")
        return try? JSONValue(parsing: read(path))
    }()

    private struct Unreadable: Error {
        let path: String
    }

    private static func read(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "r") else { throw Unreadable(path: path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }
}
