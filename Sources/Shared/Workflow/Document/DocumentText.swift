import Foundation

/// The text of a YAML or JSON file, read once: a pipe gives it only once.
package struct DocumentText: Sendable {
    /// What problems call it.
    package let name: String
    package let text: String
    package let format: WorkflowFormat

    package init(text: String, name: String, format: WorkflowFormat) {
        self.text = text
        self.name = name
        self.format = format
    }

    /// Reads a file whole, a pipe to its end.
    ///
    /// - Parameters:
    ///   - path: as the user gave it; `-` is stdin.
    ///   - maximumMebibytes: of what is larger no more is read.
    /// - Throws: why the text cannot be had, at the file's first place.
    package static func read(_ path: String, maximumMebibytes: Int) throws(SourceError) -> DocumentText {
        let name = path == "-" ? "stdin" : path
        let bytes = try bytes(of: path, maximumMebibytes: maximumMebibytes)
        guard let text = String(validating: bytes, as: UTF8.self) else { throw failure("the file is not UTF-8") }
        return DocumentText(text: text, name: name, format: format(of: path, text))
    }

    private static func bytes(of path: String, maximumMebibytes: Int) throws(SourceError) -> [UInt8] {
        let handle = path == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: path)
        guard let handle else { throw failure("the file cannot be read, or does not exist") }
        var bytes: [UInt8] = []
        while true {
            let piece: Data?
            do {
                piece = try handle.read(upToCount: 65_536)
            } catch {
                throw failure("the file cannot be read, or does not exist")
            }
            guard let piece, !piece.isEmpty else { return bytes }
            bytes += piece
            guard bytes.count <= maximumMebibytes << 20 else {
                throw failure("the file is larger than \(maximumMebibytes) MiB")
            }
        }
    }

    /// By the name where that says it; what has none, such as a pipe, by how it begins.
    private static func format(of path: String, _ text: String) -> WorkflowFormat {
        let file = path.split(separator: "/").last ?? ""
        if path != "-", file.contains(".") { return WorkflowFormat(fileName: path) }
        let start = text.lazy.filter { !$0.isWhitespace }.prefix(2)
        return start.elementsEqual("{\"") ? .json : .yaml
    }

    private static func failure(_ message: String) -> SourceError {
        SourceError(message: message, mark: SourceMark(line: 1, column: 1))
    }

    /// The document that it holds.
    func root() throws(SourceError) -> SourceNode {
        switch format {
        case .yaml: try YAMLReader.read(text)
        case .json: try JSONReader.read(text)
        }
    }
}

extension SourceError {
    /// As the one thing that is wrong with a file.
    package func problem(in file: String) -> Problem { Problem(file: file, mark: mark, path: "", message: message) }
}
