/// A string compared by its bytes, as JSON and Python compare text.
///
/// `String` calls a precomposed é and an e with a combining accent equal; as keys of an object they are two.
package struct ExactString: Hashable, Sendable {
    package let text: String

    package init(_ text: String) { self.text = text }

    @inline(__always)
    package static func == (left: ExactString, right: ExactString) -> Bool {
        // Comparing as String is quickest; where that says equal, canonical equivalents are still to be told apart.
        left.text.utf8.count == right.text.utf8.count && left.text == right.text
            && (left.isASCII || left.text.utf8.elementsEqual(right.text.utf8))
    }

    private var isASCII: Bool { text.utf8.allSatisfy { $0 < 0x80 } }

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
