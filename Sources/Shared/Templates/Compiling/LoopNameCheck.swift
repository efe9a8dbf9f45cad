/// Refuses loops in which anything assigns to `loop`.
enum LoopNameCheck {
    static func run(_ node: ForNode) throws(TemplateError) {
        try check(target: node.target)
        try check(node.body + node.otherwise)
    }

    private static func check(_ statements: [StatementNode]) throws(TemplateError) {
        for statement in statements {
            switch statement.kind {
            case .output: break
            case .forLoop(let loop): try run(loop)
            case .conditional(let conditional):
                for branch in conditional.branches { try check(branch.body) }
                try check(conditional.otherwise)
            case .macro(let macro), .call(_, let macro): try check(macro.body)
            case .filter(_, let body), .with(_, let body), .autoescape(_, let body): try check(body)
            case .assign(let target, _): try check(target: target)
            case .assignBlock(let target, _, let body):
                try check(target: target)
                try check(body)
            }
        }
    }

    private static func check(target: ExpressionNode) throws(TemplateError) {
        switch target.kind {
        case .name("loop"):
            throw .syntax("Can't assign to special loop variable in for-loop target", at: target.position)
        case .tuple(let nodes): for node in nodes { try check(target: node) }
        default: break
        }
    }
}
