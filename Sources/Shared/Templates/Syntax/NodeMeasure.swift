/// Counts the nodes and levels of a template as Jinja's own tree has them, and notes what the secure engine refuses.
struct NodeMeasure {
    private(set) var count = 0
    private(set) var maximumDepth = 1
    private(set) var refused: (reason: String, position: SourcePosition)?
    private var loopDepth = 0

    private mutating func add(_ depth: Int, nodes: Int = 1) {
        count += nodes
        if nodes > 0 { maximumDepth = max(maximumDepth, depth) }
    }

    private mutating func refuse(_ reason: String, _ position: SourcePosition) {
        if refused == nil { refused = (reason, position) }
    }

    mutating func visit(_ statements: [StatementNode], depth: Int) {
        for statement in statements { visit(statement, depth) }
    }

    private mutating func visit(_ statement: StatementNode, _ depth: Int) {
        add(depth)
        switch statement.kind {
        case .output(let parts):
            for part in parts {
                if case .expression(let expression) = part { visit(expression, depth + 1) } else { add(depth + 1) }
            }
        case .forLoop(let loop): visit(loop, depth, statement.position)
        case .conditional(let conditional): visit(conditional, depth)
        case .macro(let macro):
            refuse("macros are not allowed here", statement.position)
            visit(macro, depth)
        case .call(let call, let macro):
            visit(call, depth + 1)
            visit(macro, depth)
        case .filter(let filter, let body):
            visit(body, depth: depth + 1)
            visit(filter, depth + 1)
        case .with(let assignments, let body):
            for assignment in assignments {
                visit(assignment.target, depth + 1)
                visit(assignment.value, depth + 1)
            }
            visit(body, depth: depth + 1)
        case .assign(let target, let value):
            refuse("'set' is not allowed here", statement.position)
            visit(target, depth + 1)
            visit(value, depth + 1)
        case .assignBlock(let target, let filter, let body):
            visit(target, depth + 1)
            if let filter { visit(filter, depth + 1) }
            visit(body, depth: depth + 1)
        case .autoescape(let isOn, let body):
            // A scope, in it a modifier, in that the option and the body.
            add(depth + 1)
            add(depth + 2)
            visit(isOn, depth + 3)
            visit(body, depth: depth + 2)
        }
    }

    private mutating func visit(_ loop: ForNode, _ depth: Int, _ position: SourcePosition) {
        if loop.isRecursive { refuse("recursive loops are not allowed here", position) }
        if loopDepth > 0 { refuse("a loop inside a loop is not allowed here", position) }
        visit(loop.target, depth + 1)
        visit(loop.iterable, depth + 1)
        loopDepth += 1
        visit(loop.body, depth: depth + 1)
        visit(loop.otherwise, depth: depth + 1)
        loopDepth -= 1
        if let test = loop.test { visit(test, depth + 1) }
    }

    private mutating func visit(_ conditional: IfNode, _ depth: Int) {
        for (place, branch) in conditional.branches.enumerated() {
            // Each `elif` is a node of its own below the `if`.
            let level = place == 0 ? depth : depth + 1
            if place > 0 { add(level) }
            visit(branch.test, level + 1)
            visit(branch.body, depth: level + 1)
        }
        visit(conditional.otherwise, depth: depth + 1)
    }

    private mutating func visit(_ macro: MacroNode, _ depth: Int) {
        add(depth + 1, nodes: macro.parameters.count)
        for fallback in macro.defaults { visit(fallback, depth + 1) }
        visit(macro.body, depth: depth + 1)
    }

    private mutating func visit(_ node: ExpressionNode, _ depth: Int) {
        add(depth)
        switch node.kind {
        case .name("self"): refuse("'self' is not allowed here", node.position)
        case .dictionary(let pairs):
            for (key, value) in pairs {
                add(depth + 1)
                visit(key, depth + 2)
                visit(value, depth + 2)
            }
        case .comparison(let first, let operands):
            visit(first, depth + 1)
            for operand in operands {
                add(depth + 1)
                visit(operand.value, depth + 2)
            }
        case .filter(let input, _, let call):
            if let input { visit(input, depth + 1) }
            visit(call, depth)
        case .test(let input, _, let call), .call(let input, let call):
            visit(input, depth + 1)
            visit(call, depth)
        default:
            var children: [ExpressionNode] = []
            node.forEachChild { children.append($0) }
            for child in children { visit(child, depth + 1) }
        }
    }

    private mutating func visit(_ call: CallNode, _ depth: Int) {
        for value in call.positional { visit(value, depth + 1) }
        for keyword in call.keywords {
            add(depth + 1)
            visit(keyword.value, depth + 2)
        }
        if let spread = call.spreadPositional { visit(spread, depth + 1) }
        if let spread = call.spreadKeywords { visit(spread, depth + 1) }
    }
}
