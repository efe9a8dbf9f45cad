extension Workflow {
    /// A column that another one writes besides itself: a trace, or reasoning content.
    package struct SideEffect: Sendable, Hashable {
        package let name: String
        /// The place of the column that writes it.
        package let producer: Int
    }

    /// All side effects, in file order of their columns. Each is a value of a record under the number `columns.count`
    /// plus its place here.
    package var sideEffects: [SideEffect] {
        columns.enumerated().flatMap { place, column in
            column.sideEffects.map { SideEffect(name: $0, producer: place) }
        }
    }

    /// The number of the value that a name means: a column's place, or a side effect's number. A column wins over a
    /// side effect of its name.
    package func valueIndex(_ name: String) -> Int? {
        columnIndex(name) ?? sideEffects.firstIndex { $0.name == name }.map { columns.count + $0 }
    }

    /// The name of a value by its number.
    package func valueName(_ number: Int) -> String {
        columns.indices.contains(number) ? columns[number].name : sideEffects[number - columns.count].name
    }

    /// The numbers of a column's side effects, in their order.
    package func sideEffectIndices(of column: Int) -> Range<Int> {
        let before = columns[..<column].reduce(columns.count) { $0 + $1.sideEffects.count }
        return before..<(before + columns[column].sideEffects.count)
    }
}
