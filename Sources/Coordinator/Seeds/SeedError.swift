/// Why a seed data set cannot be used, in words for its author.
package struct SeedError: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String
    /// What to do about it.
    package let next: String?

    package init(_ description: String, next: String? = nil) {
        self.description = description
        self.next = next
    }
}
