/// How much one rendering may do.
package struct RenderLimits: Hashable, Sendable {
    /// Nodes evaluated, elements walked and, for operations on long values, a share of their length.
    package var steps: Int
    /// Expressions and statements inside one another, calls of macros included.
    package var depth: Int
    /// Bytes of the result, and of any text made on the way.
    package var bytes: Int
    /// Elements of any list made on the way.
    package var elements: Int

    package init(
        steps: Int = 5_000_000, depth: Int = 500, bytes: Int = 1 << 20, elements: Int = 1_000_000
    ) {
        self.steps = steps
        self.depth = depth
        self.bytes = bytes
        self.elements = elements
    }

    package static let `default` = RenderLimits()
}
