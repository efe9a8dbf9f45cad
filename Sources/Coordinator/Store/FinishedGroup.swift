package import Scheduling

/// A row group of which every record is decided.
package struct FinishedGroup: Sendable {
    package let job: JobNumber
    package let storage: Int32
    package let group: Int
    /// The complete records in order, each with its sampled and computed columns as a JSON object.
    package let complete: [(record: Int64, fields: String)]
    package let cancelled: [Int64]
    /// By column number, an encoded sketch of its values in the complete records.
    package let sketches: [(column: Int, sketch: [UInt8])]

    package init(
        job: JobNumber, storage: Int32, group: Int, complete: [(record: Int64, fields: String)],
        cancelled: [Int64] = [], sketches: [(column: Int, sketch: [UInt8])] = []
    ) {
        self.job = job
        self.storage = storage
        self.group = group
        self.complete = complete
        self.cancelled = cancelled
        self.sketches = sketches
    }
}
