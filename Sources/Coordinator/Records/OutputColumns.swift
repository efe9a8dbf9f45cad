package import Workflow

/// Which columns a data set has in the end, and in which order: the seed's, the samplers, then those of the file.
package struct OutputColumns: Sendable, Hashable {
    /// Places in `Workflow.columns`.
    package let kept: [Int]
    /// Taken away by `drop` or by a `drop_columns` processor; they go into files of their own.
    package let dropped: [Int]

    package init(workflow: Workflow) {
        let patterns = workflow.processors.flatMap { processor -> [String] in
            if case .dropColumns(let names) = processor.kind { names } else { [] }
        }
        let ordered = (0...2).flatMap { rank in
            workflow.columns.indices.filter { Self.rank(workflow.columns[$0]) == rank }
        }
        func isDropped(_ place: Int) -> Bool {
            let column = workflow.columns[place]
            return column.isDropped || patterns.contains { ColumnPattern.matches($0, column.name) }
        }
        kept = ordered.filter { !isDropped($0) }
        dropped = ordered.filter(isDropped)
    }

    private static func rank(_ column: Column) -> Int {
        switch column.kind {
        case .seed: 0
        case .sampler: 1
        default: 2
        }
    }
}
