/// A statement as it was parsed.
struct StatementNode {
    indirect enum Kind {
        case output([OutputNode])
        case forLoop(ForNode)
        case conditional(IfNode)
        case macro(MacroNode)
        case call(ExpressionNode, MacroNode)
        case filter(ExpressionNode, [StatementNode])
        case with([(target: ExpressionNode, value: ExpressionNode)], [StatementNode])
        case assign(target: ExpressionNode, value: ExpressionNode)
        case assignBlock(target: ExpressionNode, filter: ExpressionNode?, [StatementNode])
        case autoescape(ExpressionNode, [StatementNode])
    }

    let kind: Kind
    let position: SourcePosition

    init(_ kind: Kind, at position: SourcePosition) {
        self.kind = kind
        self.position = position
    }
}
