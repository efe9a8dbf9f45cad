package import Scheduling

package struct JobColumn: Hashable, Sendable {
    package let job: JobNumber
    package let column: Int

    package init(job: JobNumber, column: Int) {
        self.job = job
        self.column = column
    }
}
