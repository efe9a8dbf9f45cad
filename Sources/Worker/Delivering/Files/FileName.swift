/// A file of a job, as a cell names it.
struct FileName: Hashable, Sendable {
    let job: String
    let name: String
}
