package import Messages

/// What a cell's calls made: its value, and the values of the columns beside it.
package struct CellValue: Hashable, Sendable {
    package let value: WireValue
    /// In the order of the column's side effects: the trace, the reasoning content.
    package let sideValues: [WireValue]

    package init(_ value: WireValue, sideValues: [WireValue] = []) {
        self.value = value
        self.sideValues = sideValues
    }
}
