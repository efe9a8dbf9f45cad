/// Whether a body mentions special names before it declares them, scopes inside it included.
struct SpecialNames {
    private var wanted: Set<String>
    private(set) var found: Set<String> = []

    init(_ names: Set<String>, in body: [StatementNode]) {
        wanted = names
        for statement in body { visit(statement) }
    }

    private mutating func visit(_ statement: StatementNode) {
        // The order is that in which the reference walks the fields of its nodes.
        switch statement.kind {
        case .output(let parts):
            for case .expression(let expression) in parts { load(expression) }
        case .forLoop(let loop):
            store(loop.target)
            load(loop.iterable)
            for node in loop.body { visit(node) }
            for node in loop.otherwise { visit(node) }
            if let test = loop.test { load(test) }
        case .conditional(let conditional):
            for (place, branch) in conditional.branches.enumerated() {
                load(branch.test)
                for node in branch.body { visit(node) }
                guard place == conditional.branches.count - 1 else { continue }
                for node in conditional.otherwise { visit(node) }
            }
        case .macro(let macro): visit(macro)
        case .call(let call, let macro):
            load(call)
            visit(macro)
        case .filter(let filter, let body):
            for node in body { visit(node) }
            load(filter)
        case .with(let assignments, let body):
            for assignment in assignments { store(assignment.target) }
            for assignment in assignments { load(assignment.value) }
            for node in body { visit(node) }
        case .assign(let target, let value):
            store(target)
            load(value)
        case .assignBlock(let target, let filter, let body):
            store(target)
            if let filter { load(filter) }
            for node in body { visit(node) }
        case .autoescape(let isOn, let body):
            load(isOn)
            for node in body { visit(node) }
        }
    }

    private mutating func visit(_ macro: MacroNode) {
        for parameter in macro.parameters { wanted.remove(parameter.name) }
        for node in macro.defaults { load(node) }
        for node in macro.body { visit(node) }
    }

    private mutating func load(_ expression: ExpressionNode) {
        if case .name(let name) = expression.kind {
            if wanted.contains(name) { found.insert(name) }
        } else {
            var children: [ExpressionNode] = []
            expression.forEachChild { children.append($0) }
            for node in children { load(node) }
        }
    }

    private mutating func store(_ target: ExpressionNode) {
        if case .name(let name) = target.kind {
            wanted.remove(name)
        } else {
            var children: [ExpressionNode] = []
            target.forEachChild { children.append($0) }
            for node in children { store(node) }
        }
    }
}
