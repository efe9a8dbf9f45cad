import Digest
import JSON
package import Postgres
package import Store
package import Workflow

/// Writes a job's finished row groups to a folder, as Data Designer lays one out.
///
/// `jsonl-files/batch_00000.jsonl` (one per row group), `metadata.json`, `builder_config.json`, `failures.jsonl` (the
/// dropped records) and `manifest.json`. For the same workflow, seed and number of records the data files are equal,
/// byte for byte. An export into a folder of the same job goes on where the last one ended.
package struct JobExport: Sendable {
    package struct Summary: Sendable {
        package let folder: String
        package let records: Int64
        package let newFiles: Int
        package let keptFiles: Int
        package let dropped: Int64
    }

    private let reader: ExportReader
    private let progress: JobProgress
    private let workflow: Workflow

    package init(pool: PostgresPool, progress: JobProgress, workflow: Workflow) {
        reader = ExportReader(pool: pool, job: progress.job)
        self.progress = progress
        self.workflow = workflow
    }

    /// - Parameter replacing: whether a folder that holds something else is written to all the same (`--force`).
    package func write(to path: String, replacing: Bool = false) async throws(ExportError) -> Summary {
        let folder = ExportFolder(path: path)
        let id = progress.job.id.rawValue
        let former = try folder.read("manifest.json").flatMap { ExportManifest($0) }
        if !replacing, former?.job != id, !folder.names().isEmpty {
            let what = former.map { "an export of job \($0.job)" } ?? "other files"
            throw ExportError(.occupied, "\(path) holds \(what); name another folder, or add --force")
        }
        try folder.make("jsonl-files")

        let assembly = RecordAssembly(workflow: workflow)
        var manifest = ExportManifest(job: id)
        var kept = 0
        for group in try await groups() where group.completed > 0 {
            let name = "jsonl-files/batch_\(Self.fiveDigits(group.ordinal)).jsonl"
            if let known = former?.files.first(where: { $0.path == name }), former?.job == id,
                let bytes = try folder.read(name), SHA256(of: bytes).hex == known.sha256
            {
                manifest.files.append(known)
                kept += 1
                continue
            }
            let bytes = try await lines(of: group, assembly)
            try folder.write(bytes, to: name)
            manifest.files.append(
                .init(path: name, sha256: SHA256(of: bytes).hex, rows: group.completed, bytes: bytes.count))
        }
        try folder.write(try await failures(), to: "failures.jsonl")
        try folder.write(Array(progress.job.workflow.utf8) + [UInt8(ascii: "\n")], to: "builder_config.json")
        try folder.write(metadata(manifest), to: "metadata.json")
        // Last, so that what it names is there.
        try folder.write(manifest.encoded, to: "manifest.json")
        return Summary(
            folder: path, records: manifest.files.reduce(0) { $0 + Int64($1.rows) },
            newFiles: manifest.files.count - kept, keptFiles: kept, dropped: progress.dropped)
    }

    private func groups() async throws(ExportError) -> [ExportReader.Group] {
        do throws(PostgresError) { return try await reader.finishedGroups() } catch { throw ExportError(error) }
    }

    private func lines(
        of group: ExportReader.Group, _ assembly: RecordAssembly
    ) async throws(ExportError) -> [UInt8] {
        let records: [StoredRecord]
        do throws(PostgresError) { records = try await reader.records(of: group) } catch { throw ExportError(error) }
        var bytes: [UInt8] = []
        for record in records {
            do throws(JSONError) {
                bytes += try assembly.line(record)
            } catch {
                throw ExportError(
                    .database, "record \(record.record) is stored in a form that cannot be read: \(error)")
            }
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    private func failures() async throws(ExportError) -> [UInt8] {
        var writer = JSONWriter()
        var next: Int64 = 0
        while true {
            let page: [StoredDrop]
            do throws(PostgresError) {
                page = try await reader.drops(from: next, limit: 1000)
            } catch {
                throw ExportError(error)
            }
            for drop in page {
                let line: JSONValue = [
                    "record": .integer(drop.record), "column": .string(drop.column), "kind": .string(drop.kind),
                    "attempts": .integer(Int64(drop.attempts)), "message": .string(drop.message),
                    "worker": .string(drop.worker),
                ]
                writer.between(line.serializedBytes() + [UInt8(ascii: "\n")])
            }
            guard let last = page.last, page.count == 1000 else { return writer.take() }
            next = last.record + 1
        }
    }

    private func metadata(_ manifest: ExportManifest) -> [UInt8] {
        let job = progress.job
        let rows = manifest.files.reduce(0) { $0 + $1.rows }
        let value: JSONValue = [
            "schema": "metadata/v1", "job": .string(job.id.rawValue), "dataset_name": .string(job.name),
            "state": .string(job.state.rawValue), "seed": .string(String(job.seed)),
            "target_num_records": .integer(job.requested), "actual_num_records": .integer(Int64(rows)),
            "num_dropped_records": .integer(progress.dropped), "buffer_size": .integer(Int64(job.groupSize)),
            "total_num_batches": .integer((job.requested + Int64(job.groupSize) - 1) / Int64(job.groupSize)),
            "num_completed_batches": .integer(Int64(manifest.files.count)),
            "config_hash": .string(job.fingerprint),
            "file_paths": ["jsonl-files": .array(manifest.files.map { .string($0.path) })],
        ]
        return value.serializedBytes(.pretty()) + [UInt8(ascii: "\n")]
    }

    private static func fiveDigits(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }
}
