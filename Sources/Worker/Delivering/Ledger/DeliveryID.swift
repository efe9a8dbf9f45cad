/// Names a delivery of a task in this worker; never given twice by one ledger.
struct DeliveryID: Hashable, Sendable, Comparable {
    let serial: UInt64

    static func < (left: DeliveryID, right: DeliveryID) -> Bool { left.serial < right.serial }
}
