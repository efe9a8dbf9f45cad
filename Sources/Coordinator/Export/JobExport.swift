import Digest
import JSON
package import Postgres
import Records
import Scheduling
package import Store
package import Workflow

/// Writes a job's finished row groups to a folder, as Data Designer lays one out.
///
/// `jsonl-files/batch_00000.jsonl` (one per row group), `dropped-columns-jsonl-files/`, `processors-files/NAME/`,
/// `metadata.json`, `builder_config.json`, `failures.jsonl` (the dropped records) and `manifest.json`. For the same
/// workflow, seed and number of records the data files are equal, byte for byte. An export into a folder of the same
/// job goes on where the last one ended.
package struct JobExport: Sendable {
    package struct Summary: Sendable {
        package let folder: String
        package let records: Int64
        package let newFiles: Int
        package let keptFiles: Int
        package let dropped: Int64
        /// Of `records`, those that hold null in the place of a cell that failed: `failures.jsonl` says why.
        package let withNulls: Int64
        /// Complete records that are not in it, since their row groups are not finished.
        package let unfinished: Int64
        /// Documents of `schema_transform` processors that are missing: `failures.jsonl` says why.
        package let failedTransforms: Int
    }

    private let reader: ExportReader
    private let progress: JobProgress
    private let workflow: Workflow
    private let pool: PostgresPool

    package init(pool: PostgresPool, progress: JobProgress, workflow: Workflow) {
        reader = ExportReader(pool: pool, job: progress.job)
        self.progress = progress
        self.pool = pool
        self.workflow = workflow
    }

    /// Whether a folder could be written to, before anything is generated for it.
    ///
    /// - Parameters:
    ///   - job: the id of the job whose export it may hold; nil: any job's.
    ///   - replacing: as of `write`.
    package static func check(_ path: String, job: String?, replacing: Bool) throws(ExportError) {
        let folder = ExportFolder(path: path)
        try folder.checkAccess()
        let former = try folder.read("manifest.json").flatMap { ExportManifest($0) }
        if replacing || former != nil && job == nil { return }
        try folder.check(former, isOf: job ?? "")
    }

    /// - Parameter replacing: whether a folder that holds something else is written to all the same (`--force`).
    package func write(to path: String, replacing: Bool = false) async throws(ExportError) -> Summary {
        let folder = ExportFolder(path: path)
        let id = progress.job.id.rawValue
        let former = try folder.read("manifest.json").flatMap { ExportManifest($0) }
        if !replacing { try folder.check(former, isOf: id) }
        if let former, former.job != id {
            for file in former.files { try folder.remove(file.path) }
        }
        let assembly = RecordAssembly(workflow: workflow, seed: progress.job.seed)
        for subfolder in GroupFiles.folders(assembly) { try folder.make(subfolder) }
        var manifest = ExportManifest(job: id)
        // From here on the folder is this job's: an export that is broken off can be taken up.
        if former?.job != id { try folder.write(manifest.encoded, to: "manifest.json") }
        var kept = 0
        var newFiles = 0
        var failures: [RecordAssembly.TransformFailure] = []
        // Images stand beside the records that name them: where one is missing, all are looked at again.
        var images: [ExportManifest.File]?
        if let former, former.job == id { images = former.images(in: folder) }
        manifest.files = images ?? []
        var written = Set(manifest.files.map(\.path))
        let groups = try await groups()
        for group in groups where group.completed > 0 {
            let paths = GroupFiles.paths(of: group.ordinal, assembly)
            // A transform that failed on a record is told again, so its group is made again.
            if former?.job == id, images != nil, let known = try former?.intact(paths, in: folder),
                known.allSatisfy({ $0.rows == group.completed })
            {
                manifest.files += known
                kept += known.count
                continue
            }
            let made = try await files(of: group, paths, assembly)
            for file in made.files { try folder.write(file.bytes, to: file.path) }
            manifest.files += made.manifestEntries
            for name in made.images where written.insert(name).inserted {
                manifest.files.append(try await image(name, to: folder))
            }
            newFiles += made.files.count
            failures += made.failures
        }
        try await writeFailures(failures, to: folder)
        try folder.write(Array(progress.job.workflow.utf8) + [UInt8(ascii: "\n")], to: "builder_config.json")
        try folder.write(
            metadata(manifest, assembly, finishedGroups: groups.count, try await report()), to: "metadata.json")
        // Last, so that what it names is there.
        try folder.write(manifest.encoded, to: "manifest.json")
        return Summary(
            folder: path, records: Int64(manifest.rows(in: GroupFiles.data)), newFiles: newFiles, keptFiles: kept,
            dropped: progress.dropped, withNulls: groups.reduce(0) { $0 + Int64($1.withNulls) },
            unfinished: max(0, progress.completed - groups.reduce(0) { $0 + Int64($1.completed) }),
            failedTransforms: failures.count)
    }

    private func groups() async throws(ExportError) -> [ExportReader.Group] {
        do throws(PostgresError) { return try await reader.finishedGroups() } catch { throw ExportError(error) }
    }

    private func files(
        of group: ExportReader.Group, _ paths: [String], _ assembly: RecordAssembly
    ) async throws(ExportError) -> GroupFiles {
        let records: [StoredRecord]
        do throws(PostgresError) { records = try await reader.records(of: group) } catch { throw ExportError(error) }
        var lines: [UInt8] = []
        var dropped: [UInt8] = []
        var documents = [[UInt8]](repeating: [], count: assembly.transforms.count)
        var failures: [RecordAssembly.TransformFailure] = []
        var images: [String] = []
        for record in records {
            images += assembly.images(of: record)
            do throws(JSONError) {
                let fields = try JSONValue(parsing: record.fields)
                assembly.append(record, fields, to: &lines, &dropped)
                try assembly.transform(record, fields, to: &documents, failures: &failures)
            } catch {
                throw ExportError(
                    .database, "record \(record.record) is stored in a form that cannot be read: \(error)")
            }
        }
        let bodies = [lines] + (assembly.hasDropped ? [dropped] : []) + documents
        return GroupFiles(
            files: zip(paths, bodies).map { path, bytes in
                (path, bytes, bytes.count { $0 == UInt8(ascii: "\n") })
            }, failures: failures, images: images)
    }

    /// Writes an image that a record names.
    private func image(_ name: String, to folder: ExportFolder) async throws(ExportError) -> ExportManifest.File {
        let bytes: [UInt8]?
        do throws(PostgresError) {
            bytes = try await FileStore(pool: pool).file(name, of: progress.job)
        } catch {
            throw ExportError(error)
        }
        guard let bytes, RecordAssembly.isImageName(name) else {
            throw ExportError(.database, "the image \(name), which a record names, is not stored")
        }
        try folder.make(String(name[..<(name.lastIndex(of: "/") ?? name.endIndex)]))
        try folder.write(bytes, to: name)
        return .init(path: name, sha256: SHA256(of: bytes).hex, rows: 0, bytes: bytes.count)
    }

    /// One line a dropped record, one a null in the place of a cell that failed, and one a document that a processor
    /// could not make; page by page, since there may be as many as records.
    private func writeFailures(
        _ transforms: [RecordAssembly.TransformFailure], to folder: ExportFolder
    ) async throws(ExportError) {
        var file = try ExportFile(folder.path + "/failures.jsonl")
        for failure in transforms { try file.append(failure.line) }
        var next: Int64 = 0
        while true {
            let page: [StoredDrop]
            do throws(PostgresError) {
                page = try await reader.drops(from: next, limit: 1000)
            } catch {
                throw ExportError(error)
            }
            try file.append(page.flatMap { $0.line(kept: false) })
            guard let last = page.last, page.count == 1000 else { break }
            next = last.record + 1
        }
        if progress.job.keepsFailed { try await writeNulls(to: &file) }
        try file.finish()
    }

    private func writeNulls(to file: inout ExportFile) async throws(ExportError) {
        var last: (record: Int64, column: Int) = (-1, 0)
        while true {
            let page: [StoredDrop]
            do throws(PostgresError) {
                page = try await reader.nulls(after: last.record, last.column, limit: 1000)
            } catch {
                throw ExportError(error)
            }
            try file.append(page.flatMap { $0.line(kept: true) })
            guard let end = page.last, page.count == 1000 else { return }
            last = (end.record, end.columnNumber)
        }
    }

    private func report() async throws(ExportError) -> JSONValue {
        do throws(PostgresError) {
            return try await DatasetReport.read(progress, workflow, pool: pool).json
        } catch {
            throw ExportError(error)
        }
    }

    private func metadata(
        _ manifest: ExportManifest, _ assembly: RecordAssembly, finishedGroups: Int, _ report: JSONValue
    ) -> [UInt8] {
        let job = progress.job
        let rows = manifest.rows(in: GroupFiles.data)
        var paths = JSONObject([(GroupFiles.data, .array(manifest.paths(in: GroupFiles.data)))])
        if assembly.hasDropped { paths[GroupFiles.dropped] = .array(manifest.paths(in: GroupFiles.dropped)) }
        if !assembly.transforms.isEmpty {
            paths["processor-files"] = .object(
                JSONObject(
                    assembly.transforms.map { transform in
                        (transform.name, .array(manifest.paths(in: "\(GroupFiles.processors)/\(transform.name)")))
                    }))
        }
        let value: JSONValue = [
            "schema": "metadata/v1", "job": .string(job.id.rawValue), "dataset_name": .string(job.name),
            "state": .string(job.state.rawValue), "seed": .string(String(job.seed)),
            "target_num_records": .integer(job.requested), "actual_num_records": .integer(Int64(rows)),
            "num_dropped_records": .integer(progress.dropped), "buffer_size": .integer(Int64(job.groupSize)),
            "total_num_batches": .integer(
                Int64(RowGroups(records: job.requested, size: job.groupSize, formerEnds: job.formerEnds).count)),
            "num_completed_batches": .integer(Int64(finishedGroups)),
            "config_hash": .string(job.fingerprint),
            "preserve_dropped_columns": true,
            "file_paths": .object(paths), "column_statistics": report["column_statistics"] ?? [], "report": report,
        ]
        return value.serializedBytes(.pretty()) + [UInt8(ascii: "\n")]
    }
}

extension RecordAssembly.TransformFailure {
    fileprivate var line: [UInt8] {
        let line: JSONValue = [
            "record": .integer(record), "processor": .string(processor), "kind": "template",
            "message": .string(message),
        ]
        return line.serializedBytes() + [UInt8(ascii: "\n")]
    }
}

extension StoredDrop {
    /// - Parameter kept: the record is in the data set, with null in this column.
    fileprivate func line(kept: Bool) -> [UInt8] {
        var line: JSONObject = [
            "record": .integer(record), "column": .string(column), "kind": .string(kind),
            "attempts": .integer(Int64(attempts)), "message": .string(message), "worker": .string(worker),
        ]
        if kept { line["kept"] = true }
        return JSONValue.object(line).serializedBytes() + [UInt8(ascii: "\n")]
    }
}
