package import Scheduling

package struct JobGroup: Hashable, Sendable {
    package let job: JobNumber
    package let group: Int

    package init(job: JobNumber, group: Int) {
        self.job = job
        self.group = group
    }
}
