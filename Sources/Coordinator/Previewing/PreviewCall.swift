package import Generation

/// A call that a preview asks for.
package struct PreviewCall: Sendable {
    /// Names it until it ends.
    package let id: Int
    package let provider: String
    package let column: CompiledColumn
    package let conversation: Conversation
}
