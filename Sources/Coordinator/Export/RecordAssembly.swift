import JSON
import Store
import Workflow

/// Puts a stored record together again: columns in a fixed order (seed, samplers, then file order), dropped ones left
/// out.
struct RecordAssembly: Sendable {
    private struct Part: Sendable {
        let name: String
        let number: Int
        let isModel: Bool
    }

    private let parts: [Part]

    init(workflow: Workflow) {
        var ordered: [Part] = []
        for rank in 0...2 {
            for (number, column) in workflow.columns.enumerated() where Self.rank(column) == rank && !column.isDropped {
                ordered.append(Part(name: column.name, number: number, isModel: column.modelAlias != nil))
            }
        }
        parts = ordered
    }

    private static func rank(_ column: Column) -> Int {
        switch column.kind {
        case .seed: 0
        case .sampler: 1
        default: 2
        }
    }

    /// One line of JSON, without its newline.
    ///
    /// - Throws: when what is stored is not JSON: somebody else wrote it.
    func line(_ record: StoredRecord) throws(JSONError) -> [UInt8] {
        let fields = try JSONValue(parsing: record.fields)
        var writer = JSONWriter()
        writer.beginObject()
        for part in parts {
            writer.key(part.name)
            if part.isModel {
                let cell = record.cells.first { $0.column == part.number }
                if let cell, cell.isJSON {
                    writer.raw(cell.value.utf8)
                } else if let cell {
                    writer.string(cell.value)
                } else {
                    writer.null()
                }
            } else {
                writer.value(fields[part.name] ?? .null)
            }
        }
        writer.endObject()
        return writer.take()
    }
}
