import Digest
import JSON

/// `manifest.json`: which files belong to the export, so that the next one can go on.
struct ExportManifest: Sendable, Equatable {
    struct File: Sendable, Equatable {
        let path: String
        let sha256: String
        let rows: Int
        let bytes: Int
    }

    let job: String
    var files: [File] = []

    init(job: String) { self.job = job }

    init?(_ bytes: [UInt8]) {
        guard let value = try? JSONValue(parsing: bytes), let job = value["job"]?.stringValue else { return nil }
        self.job = job
        for entry in value["files"]?.arrayValue ?? [] {
            guard let path = entry["path"]?.stringValue, let sha256 = entry["sha256"]?.stringValue,
                let rows = entry["rows"]?.intValue, let bytes = entry["bytes"]?.intValue
            else { return nil }
            files.append(File(path: path, sha256: sha256, rows: rows, bytes: bytes))
        }
    }

    /// The entries of these files if all of them are listed, there, and unchanged.
    func intact(_ paths: [String], in folder: ExportFolder) throws(ExportError) -> [File]? {
        var entries: [File] = []
        for path in paths {
            guard let entry = files.first(where: { $0.path == path }), let bytes = try folder.read(path),
                SHA256(of: bytes).hex == entry.sha256
            else { return nil }
            entries.append(entry)
        }
        return entries
    }

    /// The entries of the images; nil when one of them is missing, or has another size.
    func images(in folder: ExportFolder) -> [File]? {
        let images = entries(in: "images")
        for image in images where folder.size(of: image.path) != image.bytes { return nil }
        return images
    }

    func paths(in subfolder: String) -> [JSONValue] { entries(in: subfolder).map { .string($0.path) } }

    func rows(in subfolder: String) -> Int { entries(in: subfolder).reduce(0) { $0 + $1.rows } }

    private func entries(in subfolder: String) -> [File] { files.filter { $0.path.hasPrefix("\(subfolder)/") } }

    var encoded: [UInt8] {
        let value: JSONValue = [
            "schema": "manifest/v1", "job": .string(job),
            "files": .array(
                files.map { file in
                    [
                        "path": .string(file.path), "sha256": .string(file.sha256), "rows": .integer(Int64(file.rows)),
                        "bytes": .integer(Int64(file.bytes)),
                    ]
                }),
        ]
        return value.serializedBytes(.pretty()) + [UInt8(ascii: "\n")]
    }
}
