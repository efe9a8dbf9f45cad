import Foundation
import JSON
import Seeds
import Workflow

/// A folder that goes away with its owner.
final class TemporaryFiles {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/seeds-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws -> String { try write(Data(text.utf8), to: name) }

    func write(_ data: Data, to name: String) throws -> String {
        let file = "\(path)/\(name)"
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try data.write(to: URL(fileURLWithPath: file))
        return file
    }
}

/// The columns and records of a seed file with this text.
func read(_ text: String, as name: String) throws -> (columns: [String], rows: [[JSONValue]]) {
    let files = try TemporaryFiles()
    let source = try SeedSource(.local(path: try files.write(text, to: name)))
    var rows: [[JSONValue]] = []
    try source.forEachRow { row throws(SeedError) in rows.append(row) }
    return (source.columns, rows)
}

/// What reading fails with.
func failure(_ text: String, as name: String) -> String {
    do {
        _ = try read(text, as: name)
        return "none"
    } catch {
        return "\(error)"
    }
}
