import Digest
import Foundation
import Inference
import Postgres
import Store

/// Copies files into the database, by their content: equal ones are there once, and those that are there already are
/// not sent again.
struct FileUploading {
    let names: [String]
    let store: FileStore

    private static let mostBytes = 32 << 20
    private static let tries = 3

    /// - Throws: exit 65 for a file that is not there, or is no image; exit 69 when it cannot be stored.
    func run() async throws -> [StoredFile] {
        var files: [StoredFile] = []
        for name in names {
            let bytes = try Self.read(name)
            let file = StoredFile(name: name, hash: SHA256(of: bytes).bytes, bytes: Int64(bytes.count))
            do throws(PostgresError) {
                try await upload(bytes, as: file)
            } catch {
                throw CommandFailure(.unreachable, "the file \(name) cannot be stored: \(error)")
            }
            files.append(file)
        }
        return files
    }

    /// Until all of it is there: a job that used it, and is deleted just now, takes pieces with it.
    private func upload(_ bytes: [UInt8], as file: StoredFile) async throws(PostgresError) {
        for _ in 0..<Self.tries {
            if try await store.known([file.hash]).contains(file.hash) { return }
            for start in stride(from: 0, to: bytes.count, by: FileStore.pieceBytes) {
                let end = min(start + FileStore.pieceBytes, bytes.count)
                try await store.put(Array(bytes[start..<end]), at: Int64(start), of: file)
            }
        }
    }

    /// An image file's content.
    static func read(_ name: String) throws(CommandFailure) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: name) else {
            throw CommandFailure(
                .invalidWorkflow, "the image \(name), which a column of multi_modal_context names, cannot be read",
                next: "A path is relative to the folder that you are in.")
        }
        guard data.count <= mostBytes else {
            throw CommandFailure(
                .invalidWorkflow, "the image \(name) has \(data.count >> 20) MiB; at most \(mostBytes >> 20) are taken")
        }
        let bytes = [UInt8](data)
        guard ImageFormat(bytes) != nil else {
            throw CommandFailure(.invalidWorkflow, "the file \(name) is no PNG, JPEG, GIF or WebP image")
        }
        return bytes
    }
}
