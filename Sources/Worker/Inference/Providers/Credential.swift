/// The key of an endpoint, and where it came from. It prints as dots.
package struct Credential: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The environment variable that holds it.
    package let variable: String
    let secret: String

    init(variable: String, secret: String) {
        self.variable = variable
        self.secret = secret
    }

    package var description: String { "•••• (\(variable))" }
    package var customMirror: Mirror { Mirror(self, children: ["variable": variable]) }

    /// 8 hexadecimal digits that are equal for equal keys: FNV-1a, folded to 32 bits.
    package var fingerprint: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in secret.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(UInt32(truncatingIfNeeded: hash ^ (hash >> 32)), radix: 16)
        return String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }
}
