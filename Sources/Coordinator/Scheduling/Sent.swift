package import Messages

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

    /// The entry with only those of its cells for which `isKept` says so.
    func filtered(_ isKept: (Int64) -> Bool) -> Sent {
        var left = self
        let places = records.indices.filter { isKept(records[$0]) }
        left.records = places.map { records[$0] }
        left.attempts = places.map { attempts[$0] }
        return left
    }
}
