import Foundation

/// Who a worker is: its id, and the host whose side-cars it calls.
struct WorkerIdentity: Hashable, Sendable {
    /// Of at most 100 bytes, since it is part of a queue's name.
    let id: String
    let host: String

    private static let base32 = Array("0123456789abcdefghjkmnpqrstvwxyz")

    /// - Parameter name: the id that somebody chose; nil: the host's name and four random characters, so that a worker
    ///   that comes back is another one.
    init(name: String?) throws(CommandFailure) {
        let hostName = ProcessInfo.processInfo.hostName
        host = hostName.isEmpty ? "host" : hostName
        let suffix = String((0..<4).map { _ in Self.base32[Int.random(in: 0..<32)] })
        let short = host.prefix { $0 != "." }
        id = name ?? "\(String(short.prefix(60)))-\(suffix)"
        guard id.utf8.count <= 100, !id.isEmpty, id.utf8.allSatisfy(Self.isAllowed) else {
            throw CommandFailure(
                .configuration, "\"\(id)\" cannot be a worker's name",
                details: ["at most 100 letters, digits, dots, hyphens and underscores"])
        }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
