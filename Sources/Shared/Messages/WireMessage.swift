package import SwiftProtobuf

/// A body that is a message of its own: it carries the version of the contract it was written by.
package protocol WireMessage: SwiftProtobuf.Message {
    var version: UInt32 { get set }
}

extension WireTask: WireMessage {}
extension WireColumnSpec: WireMessage {}
extension WireResults: WireMessage {}
extension WireSalvage: WireMessage {}
extension WireSignal: WireMessage {}
extension WireControl: WireMessage {}
extension WireRequest: WireMessage {}
extension WireReply: WireMessage {}

/// Why a body cannot be read. It goes to `tessera.dead` with this text.
package struct WireError: Error, Sendable, CustomStringConvertible {
    package let description: String
}

extension WireTask {
    /// A task that another version wrote, as far as it can be read; nil for what is no task at all.
    package init?(ofAnyVersion body: [UInt8]) {
        guard let task = try? Self(serializedBytes: body) else { return nil }
        self = task
    }
}

extension WireMessage {
    /// The version this code writes. A reader accepts every version up to its own.
    package static var currentVersion: UInt32 { 1 }

    /// The body of an AMQP message, deterministic for equal messages of one build.
    package func encoded() -> [UInt8] {
        var message = self
        message.version = Self.currentVersion
        // Fails only for required fields and unpackable Any, which this contract has none of.
        guard let bytes: [UInt8] = try? message.serializedBytes() else {
            preconditionFailure("\(Self.protoMessageName) cannot be encoded")
        }
        return bytes
    }

    /// - Throws: `WireError` for bytes that are not this message, or of a version this code does not know.
    package init(decoding body: [UInt8]) throws(WireError) {
        do {
            try self.init(serializedBytes: body)
        } catch {
            throw WireError(description: "not a \(Self.protoMessageName): \(error)")
        }
        guard (1...Self.currentVersion).contains(version) else {
            throw WireError(description: "\(Self.protoMessageName) of version \(version); this code reads up to 1")
        }
    }
}
