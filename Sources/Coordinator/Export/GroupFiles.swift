import Digest
import Records

/// The files of one row group in an export, under the name of its batch.
struct GroupFiles: Sendable {
    /// By path in the folder, as `ExportManifest` lists them.
    var files: [(path: String, bytes: [UInt8], rows: Int)]
    var failures: [RecordAssembly.TransformFailure] = []
    /// The names of images that its records name.
    var images: [String] = []

    static let data = "jsonl-files"
    static let dropped = "dropped-columns-jsonl-files"
    static let processors = "processors-files"

    /// The folders of an export whose records go through `assembly`.
    static func folders(_ assembly: RecordAssembly) -> [String] {
        [data] + (assembly.hasDropped ? [dropped] : []) + assembly.transforms.map { "\(processors)/\($0.name)" }
    }

    /// The paths of a group's files, the data first.
    static func paths(of group: Int, _ assembly: RecordAssembly) -> [String] {
        folders(assembly).map { "\($0)/batch_\(fiveDigits(group)).jsonl" }
    }

    var manifestEntries: [ExportManifest.File] {
        files.map { file in
            .init(path: file.path, sha256: SHA256(of: file.bytes).hex, rows: file.rows, bytes: file.bytes.count)
        }
    }

    private static func fiveDigits(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }
}
