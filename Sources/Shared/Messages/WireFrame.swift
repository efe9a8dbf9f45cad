package import SwiftProtobuf

/// A message between a worker and its child process, which are the same program: it carries no version.
package protocol WireFrame: SwiftProtobuf.Message {}

extension WireChildRequest: WireFrame {}
extension WireChildAnswer: WireFrame {}

extension WireFrame {
    package var frame: [UInt8] { (try? serializedBytes()) ?? [] }

    /// Nil for bytes that are not this message.
    package init?(frame: [UInt8]) {
        guard let message = try? Self(serializedBytes: frame) else { return nil }
        self = message
    }
}
