/// Where each name first stands in a template.
struct FirstUses {
    private(set) var positions: [String: SourcePosition] = [:]

    init(in body: [StatementNode]) {
        for statement in body { visit(statement) }
    }

    private mutating func visit(_ statement: StatementNode) {
        switch statement.kind {
        case .output(let parts):
            for case .expression(let expression) in parts { visit(expression) }
        case .forLoop(let loop):
            visit([loop.target, loop.iterable])
            if let test = loop.test { visit(test) }
            visit(loop.body)
            visit(loop.otherwise)
        case .conditional(let conditional):
            for branch in conditional.branches {
                visit(branch.test)
                visit(branch.body)
            }
            visit(conditional.otherwise)
        case .macro(let macro):
            visit(macro.defaults)
            visit(macro.body)
        case .call(let call, let macro):
            visit(macro.defaults + [call])
            visit(macro.body)
        case .filter(let filter, let body):
            visit(filter)
            visit(body)
        case .with(let assignments, let body):
            visit(assignments.flatMap { [$0.target, $0.value] })
            visit(body)
        case .assign(let target, let value): visit([target, value])
        case .assignBlock(let target, let filter, let body):
            visit(target)
            if let filter { visit(filter) }
            visit(body)
        case .autoescape(let isOn, let body):
            visit(isOn)
            visit(body)
        }
    }

    private mutating func visit(_ statements: [StatementNode]) {
        for statement in statements { visit(statement) }
    }

    private mutating func visit(_ expressions: [ExpressionNode]) {
        for expression in expressions { visit(expression) }
    }

    private mutating func visit(_ expression: ExpressionNode) {
        switch expression.kind {
        case .name(let name), .namespaceReference(let name, _):
            if positions[name] == nil { positions[name] = expression.position }
        default:
            var children: [ExpressionNode] = []
            expression.forEachChild { children.append($0) }
            visit(children)
        }
    }
}
