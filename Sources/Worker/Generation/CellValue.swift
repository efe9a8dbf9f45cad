package import Messages

/// What a cell's calls made: its value, and the values of the columns beside it.
package struct CellValue: Hashable, Sendable {
    package let value: WireValue
    /// In the order of the column's side effects: the trace, the reasoning content.
    package let sideValues: [WireValue]
    /// What the value names: to be kept before the value is.
    package let files: [MadeFile]

    package init(_ value: WireValue, sideValues: [WireValue] = [], files: [MadeFile] = []) {
        self.value = value
        self.sideValues = sideValues
        self.files = files
    }
}
