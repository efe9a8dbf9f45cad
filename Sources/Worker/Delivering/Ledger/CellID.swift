/// Names a cell, or an unreadable body, while it is in this worker's hands; never given twice by one ledger.
///
/// A key that is forgotten and delivered again gets a new id, so that what is late about the old one finds nothing.
struct CellID: Hashable, Sendable, Comparable {
    let serial: UInt64

    static func < (left: CellID, right: CellID) -> Bool { left.serial < right.serial }
}
