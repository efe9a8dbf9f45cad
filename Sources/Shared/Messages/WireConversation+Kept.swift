import SwiftProtobuf

extension WireConversation {
    /// As coordinators keep it: they do not look into it.
    package var kept: [UInt8] { (try? serializedBytes()) ?? [] }

    /// Bytes that are no conversation are none: the cell begins.
    package init(kept: [UInt8]) {
        self = (try? Self(serializedBytes: kept)) ?? Self()
    }
}
