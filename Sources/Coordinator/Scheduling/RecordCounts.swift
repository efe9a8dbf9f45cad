/// How many records of an active row group are decided.
package struct RecordCounts: Sendable, Hashable {
    package let completed: Int
    /// A part of `completed`: records that were kept with a null in the place of a cell that failed.
    package let completedWithNulls: Int
    package let dropped: Int

    package init(completed: Int, completedWithNulls: Int, dropped: Int) {
        self.completed = completed
        self.completedWithNulls = completedWithNulls
        self.dropped = dropped
    }
}
