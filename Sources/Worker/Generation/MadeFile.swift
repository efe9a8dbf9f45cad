/// A file that a call made, to be kept beside the records.
package struct MadeFile: Hashable, Sendable {
    /// Its path in the artifact: `images/COLUMN/SHA-256.EXTENSION`. Equal content has an equal name.
    package let name: String
    package let bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}
