/// A job's number in the database; the key of everything the scheduler keeps.
package struct JobNumber: RawRepresentable, Hashable, Sendable, Comparable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
    package static func < (left: JobNumber, right: JobNumber) -> Bool { left.rawValue < right.rawValue }
}
