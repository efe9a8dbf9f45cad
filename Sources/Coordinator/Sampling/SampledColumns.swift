package import JSON

/// The sampled values of a range of records, column by column.
package struct SampledColumns: Sendable {
    package let records: Range<Int64>
    /// The places of the sampler columns in `Workflow.columns`, in the order in which they were drawn.
    package let columns: [Int]
    /// One list for each of `columns`, a value for each record. Null only where no branch of a conditional sampler was
    /// taken.
    package let values: [[JSONValue]]

    /// Why records could not be drawn, by record: of one of their columns no value met the constraints, say. Their
    /// values from that column on are null.
    package let failures: [Int64: SamplingError]

    /// The values of a column by its place in `Workflow.columns`; nil when it is no sampler.
    package func values(ofColumn column: Int) -> [JSONValue]? {
        columns.firstIndex(of: column).map { values[$0] }
    }
}
