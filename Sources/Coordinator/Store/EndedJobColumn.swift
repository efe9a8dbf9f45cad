/// A column of a job whose number its partition's owner does not know any more.
package struct EndedJobColumn: Hashable, Sendable {
    package let job: JobID
    package let column: Int

    package init(job: JobID, column: Int) {
        self.job = job
        self.column = column
    }
}
