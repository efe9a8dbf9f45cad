package import Generation
package import Messages

/// A call that a preview asks for.
package struct PreviewCall: Sendable {
    package enum Work: Sendable {
        case conversation(Conversation)
        /// For some cells of a column that is made in batches: the values of their inputs.
        case rows([[WireValue]])
    }

    /// Names it until it ends.
    package let id: Int
    package let route: Route
    package let column: CompiledColumn
    package let work: Work
}
