package import Workflow

/// Which columns a data set has in the end, and in which order: the seed's, the samplers, then those of the file.
package struct OutputColumns: Sendable, Hashable {
    /// Numbers of values: places in `Workflow.columns`, and beyond them side effects, each behind its column.
    package let kept: [Int]
    /// Taken away by `drop` or by a `drop_columns` processor; they go into files of their own.
    package let dropped: [Int]

    package init(workflow: Workflow) {
        let patterns = workflow.processors.flatMap { processor -> [String] in
            if case .dropColumns(let names) = processor.kind { names } else { [] }
        }
        let ordered = (0...2).flatMap { rank in
            workflow.columns.indices.filter { Self.rank(workflow.columns[$0]) == rank }.flatMap { place in
                // A column wins over a side effect of its name.
                [place]
                    + workflow.sideEffectIndices(of: place).filter {
                        workflow.columnIndex(workflow.valueName($0)) == nil
                    }
            }
        }
        // Side effects stay where their column is dropped, unless a processor names them.
        func isDropped(_ number: Int) -> Bool {
            let isColumn = workflow.columns.indices.contains(number)
            return isColumn && workflow.columns[number].isDropped
                || patterns.contains { ColumnPattern.matches($0, workflow.valueName(number)) }
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
