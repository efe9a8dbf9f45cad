/// One cell of an active row group.
package struct Cell: Hashable, Sendable {
    package let job: JobNumber
    package let record: Int64
    package let column: Int

    package init(job: JobNumber, record: Int64, column: Int) {
        self.job = job
        self.record = record
        self.column = column
    }
}
