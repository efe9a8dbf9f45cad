package import JSON

/// One record of a preview.
package struct PreviewedRecord: Sendable {
    /// By the numbers of values: columns, then side effects. Nil where the cell was not made.
    package let values: [JSONValue?]
    /// The columns that skip rules left out.
    package let leftOut: Set<Int>
    /// Where the record was given up, and why.
    package let drop: (column: Int, message: String)?

    package init(values: [JSONValue?], leftOut: Set<Int>, drop: (column: Int, message: String)?) {
        self.values = values
        self.leftOut = leftOut
        self.drop = drop
    }
}
