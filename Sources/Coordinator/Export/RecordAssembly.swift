import JSON
import Records
import Store
import Workflow

/// Puts a stored record together again, and makes of it what goes into each file of an export.
struct RecordAssembly: Sendable {
    /// A `schema_transform` that failed on a record: the record's document is missing from its file.
    struct TransformFailure: Sendable {
        let record: Int64
        let processor: String
        let message: String
    }

    private struct Part: Sendable {
        let name: String
        let number: Int
        let isModel: Bool
        var isImage = false
    }

    private let kept: [Part]
    private let dropped: [Part]
    private let parts: [Part]
    let transforms: [SchemaTransform]

    init(workflow: Workflow, seed: UInt64) {
        var parts = workflow.columns.enumerated().map { number, column in
            var part = Part(name: column.name, number: number, isModel: column.isMadeByWorkers)
            if case .image = column.kind { part.isImage = true }
            return part
        }
        for effect in workflow.sideEffects {
            parts.append(Part(name: effect.name, number: parts.count, isModel: true))
        }
        let output = OutputColumns(workflow: workflow)
        self.parts = parts
        kept = output.kept.map { parts[$0] }
        dropped = output.dropped.map { parts[$0] }
        transforms = workflow.processors.compactMap { SchemaTransform($0, in: workflow, seed: seed) }
    }

    /// The names of the images that a record's cells hold.
    func images(of record: StoredRecord) -> [String] {
        parts.filter(\.isImage).flatMap { part -> [String] in
            guard let cell = record.cells.first(where: { $0.column == part.number }), cell.isJSON else { return [] }
            return (try? JSONValue(parsing: cell.value))?.arrayValue?.compactMap(\.stringValue)
                .filter(Self.isImageName) ?? []
        }
    }

    /// `images/COLUMN/HASH.EXTENSION`: nothing that could lead out of the folder.
    static func isImageName(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 3 && parts[0] == "images" && !parts[1].isEmpty && parts[1] != "." && parts[1] != ".."
            && parts[2].count > 64 && parts[2].prefix(64).allSatisfy(\.isHexDigit)
    }

    var hasDropped: Bool { !dropped.isEmpty }

    /// Appends a record's line of the data set to `lines`, and of the dropped columns to `droppedLines`.
    func append(
        _ record: StoredRecord, _ fields: JSONValue, to lines: inout [UInt8], _ droppedLines: inout [UInt8]
    ) {
        lines += line(record, fields, kept)
        if hasDropped { droppedLines += line(record, fields, dropped) }
    }

    private func line(_ record: StoredRecord, _ fields: JSONValue, _ parts: [Part]) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        for part in parts {
            writer.key(part.name)
            if part.isModel, let cell = record.cells.first(where: { $0.column == part.number }) {
                if cell.isJSON { writer.raw(cell.value.utf8) } else { writer.string(cell.value) }
            } else {
                // A model's cell that was left out is beside the computed ones.
                writer.value(fields[part.name] ?? .null)
            }
        }
        writer.endObject()
        return writer.take() + [UInt8(ascii: "\n")]
    }

    /// Appends the record's line of each transform to the lines of that transform.
    func transform(
        _ record: StoredRecord, _ fields: JSONValue, to lines: inout [[UInt8]], failures: inout [TransformFailure]
    ) throws(JSONError) {
        if transforms.isEmpty { return }
        var values = [JSONValue?](repeating: nil, count: parts.count)
        for cell in record.cells where parts.indices.contains(cell.column) {
            values[cell.column] = cell.isJSON ? try JSONValue(parsing: cell.value) : .string(cell.value)
        }
        for part in parts where values[part.number] == nil { values[part.number] = fields[part.name] }
        for (place, transform) in transforms.enumerated() {
            do throws(ComputationError) {
                let document = try transform.document(of: record.record) { values[$0] }
                lines[place] += document.serializedBytes() + [UInt8(ascii: "\n")]
            } catch {
                failures.append(
                    TransformFailure(
                        record: record.record, processor: transform.name, message: String(error.message.prefix(500))))
            }
        }
    }
}
