/// A job's public name: 26 characters of Crockford's base 32, a ULID (github.com/ulid/spec). Any unique prefix of it
/// is accepted where a job is asked for.
package struct JobID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }

    package var description: String { rawValue }

    /// The first characters, enough for a person.
    package var short: String { String(rawValue.prefix(10)) }

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// - Parameters:
    ///   - milliseconds: since 1970, 48 bits of it.
    ///   - random: 80 bits of it.
    package init(milliseconds: UInt64, random: (UInt64, UInt64)) {
        var bytes: [UInt8] = []
        for shift in stride(from: 45, through: 0, by: -5) {
            bytes.append(Self.alphabet[Int((milliseconds >> UInt64(shift)) & 31)])
        }
        for part in [random.0, random.1] {
            for shift in stride(from: 35, through: 0, by: -5) {
                bytes.append(Self.alphabet[Int((part >> UInt64(shift)) & 31)])
            }
        }
        rawValue = String(decoding: bytes, as: UTF8.self)
    }
}
