/// Cells of one column of one row group, sent under one number.
package struct Sent: Sendable, Equatable {
    package let number: DispatchNumber
    package let job: JobNumber
    package let group: Int
    package let column: Int
    package let route: String
    package var records: [Int64]
    /// Parallel to `records`, from 1.
    package var attempts: [Int]

    package init(
        number: DispatchNumber, job: JobNumber, group: Int, column: Int, route: String, records: [Int64],
        attempts: [Int]
    ) {
        self.number = number
        self.job = job
        self.group = group
        self.column = column
        self.route = route
        self.records = records
        self.attempts = attempts
    }
}
