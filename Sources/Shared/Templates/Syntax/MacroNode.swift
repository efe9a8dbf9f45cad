/// A macro, or the body of a call block, which is one without a name.
struct MacroNode {
    let name: String?
    let parameters: [(name: String, position: SourcePosition)]
    /// Of the last parameters.
    let defaults: [ExpressionNode]
    let body: [StatementNode]
}
