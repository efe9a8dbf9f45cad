struct ForNode {
    let target: ExpressionNode
    let iterable: ExpressionNode
    let test: ExpressionNode?
    let isRecursive: Bool
    let body: [StatementNode]
    let otherwise: [StatementNode]
}
