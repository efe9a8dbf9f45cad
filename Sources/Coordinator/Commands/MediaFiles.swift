import Inference
import JSON
import Seeds
import Workflow

/// The image files that a workflow's cells will name: those of seed columns and of categories that stand beside a
/// prompt (`multi_modal_context` of images without a `data_type`).
struct MediaFiles {
    /// Each once, in the order of their first use.
    let names: [String]

    /// Of a whole job.
    ///
    /// - Throws: `SeedError`: the seed data is read.
    init(_ workflow: Workflow, seed: SeedSource?) throws(SeedError) {
        var found = Found(workflow)
        if let seed, !found.places(in: seed.columns).isEmpty {
            let places = found.places(in: seed.columns)
            try seed.forEachRow { row throws(SeedError) in for place in places { found.note(row[place]) } }
        }
        names = found.names
    }

    /// Of some records.
    init(_ workflow: Workflow, rows: [[JSONValue]], of columns: [String]) {
        var found = Found(workflow)
        let places = found.places(in: columns)
        for row in rows { for place in places { found.note(row[place]) } }
        names = found.names
    }

    /// What is found, beginning with the values of categories.
    private struct Found {
        private(set) var names: [String] = []
        private var seen: Set<String> = []
        private let columns: Set<String>

        init(_ workflow: Workflow) {
            columns = Set(workflow.columns.flatMap { MediaFiles.context($0) })
            for name in columns.sorted() {
                guard let index = workflow.columnIndex(name),
                    case .sampler(let sampler) = workflow.columns[index].kind
                else { continue }
                for parameters in [sampler.parameters] + sampler.conditions.map(\.parameters) {
                    for value in MediaFiles.values(of: parameters) { note(value) }
                }
            }
        }

        func places(in names: [String]) -> [Int] { names.indices.filter { columns.contains(names[$0]) } }

        mutating func note(_ value: JSONValue) {
            for text in MediaFiles.texts(value)
            where ImageFormat.isFileName(text) && !text.contains("://") && seen.insert(text).inserted {
                names.append(text)
            }
        }
    }

    private static func context(_ column: Column) -> [String] {
        let context: [MediaContext] =
            switch column.kind {
            case .generated(let column): column.context
            case .image(let column): column.context
            default: []
            }
        return context.filter { $0.modality == .image && $0.dataType == nil }.map(\.column)
    }

    private static func values(of parameters: SamplerParameters) -> [JSONValue] {
        switch parameters {
        case .category(let values, _): values
        case .subcategory(_, let choices): choices.flatMap(\.values)
        default: []
        }
    }

    private static func texts(_ value: JSONValue) -> [String] {
        switch value {
        case .string(let text) where text.first(where: { !$0.isWhitespace }) == "[":
            (try? JSONValue(parsing: text))?.arrayValue?.compactMap(\.stringValue) ?? [text]
        case .string(let text): [text]
        case .array(let elements): elements.compactMap(\.stringValue)
        default: []
        }
    }
}
