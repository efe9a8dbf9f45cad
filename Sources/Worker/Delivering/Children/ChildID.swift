/// Names a child process of this worker; never given twice.
struct ChildID: Hashable, Sendable, Comparable {
    let serial: Int

    static func < (left: ChildID, right: ChildID) -> Bool { left.serial < right.serial }
}
