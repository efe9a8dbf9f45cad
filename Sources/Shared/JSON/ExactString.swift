import Glibc

/// A string compared by its bytes, as JSON and Python compare text.
///
/// `String` calls a precomposed é and an e with a combining accent equal; as keys of an object they are two.
package struct ExactString: Hashable, Sendable {
    package let text: String

    package init(_ text: String) { self.text = text }

    @inline(__always)
    package static func == (left: ExactString, right: ExactString) -> Bool {
        let (left, right) = (left.text, right.text)
        let count = left.utf8.count
        guard count == right.utf8.count else { return false }
        // Texts this short are compared quickest as String; where that says equal, canonical equivalents are still to
        // be told apart.
        if count < 16 { return left == right && left.utf8.elementsEqual(right.utf8) }
        let same = left.utf8.withContiguousStorageIfAvailable { leftBytes in
            right.utf8.withContiguousStorageIfAvailable { rightBytes in
                leftBytes.baseAddress.flatMap { base in rightBytes.baseAddress.map { memcmp(base, $0, count) == 0 } }
            }
        }
        return ((same ?? nil) ?? nil) ?? left.utf8.elementsEqual(right.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        let hashed: Void? = text.utf8.withContiguousStorageIfAvailable {
            hasher.combine(bytes: UnsafeRawBufferPointer($0))
        }
        if hashed == nil {
            for byte in text.utf8 { hasher.combine(byte) }
        }
        hasher.combine(0xFF as UInt8)
    }
}
