struct IfNode {
    /// The `if` and its `elif`s in order.
    var branches: [(test: ExpressionNode, body: [StatementNode], position: SourcePosition)]
    var otherwise: [StatementNode]
}
