package import Generation
package import Messages

/// A call that a preview asks for.
package struct PreviewCall: Sendable {
    package enum Work: Sendable {
        case conversation(Conversation)
        /// For one cell of a column that is made in batches: the values of its inputs.
        case row([WireValue])
    }

    /// Names it until it ends.
    package let id: Int
    package let route: Route
    package let column: CompiledColumn
    package let work: Work
}
