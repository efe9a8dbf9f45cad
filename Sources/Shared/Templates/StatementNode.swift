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

/// A piece of what is written out.
enum OutputNode {
    case data(String)
    case expression(ExpressionNode)
}

struct ForNode {
    let target: ExpressionNode
    let iterable: ExpressionNode
    let test: ExpressionNode?
    let isRecursive: Bool
    let body: [StatementNode]
    let otherwise: [StatementNode]
}

struct IfNode {
    /// The `if` and its `elif`s in order.
    var branches: [(test: ExpressionNode, body: [StatementNode], position: SourcePosition)]
    var otherwise: [StatementNode]
}

/// A macro, or the body of a call block, which is one without a name.
struct MacroNode {
    let name: String?
    let parameters: [(name: String, position: SourcePosition)]
    /// Of the last parameters.
    let defaults: [ExpressionNode]
    let body: [StatementNode]
}
