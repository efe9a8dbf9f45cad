/// Finds the names that the statements of one scope load and store. Statements with a scope of their own are looked at
/// only as far as they concern this one.
struct SymbolVisitor {
    let symbols: Symbols

    func visit(_ statements: [StatementNode]) {
        for statement in statements { visit(statement) }
    }

    func visit(_ statement: StatementNode) {
        switch statement.kind {
        case .output(let parts):
            for case .expression(let expression) in parts { load(expression) }
        case .forLoop(let loop): load(loop.iterable)
        case .conditional(let conditional): visit(conditional)
        case .macro(let macro): macro.name.map(symbols.store)
        case .call(let call, _): load(call)
        case .filter(let filter, _): load(filter)
        case .with(let assignments, _): for assignment in assignments { load(assignment.value) }
        case .assign(let target, let value):
            load(value)
            store(target)
        case .assignBlock(let target, _, _): store(target)
        case .autoescape: break
        }
    }

    private func visit(_ conditional: IfNode) {
        // The reference nests each `elif` as an `if` of its own, all of them in one branch.
        guard let first = conditional.branches.first else { return }
        load(first.test)
        symbols.branch([
            { SymbolVisitor(symbols: $0).visit(first.body) },
            { copy in
                for branch in conditional.branches.dropFirst() {
                    SymbolVisitor(symbols: copy).visit(IfNode(branches: [branch], otherwise: []))
                }
            },
            { SymbolVisitor(symbols: $0).visit(conditional.otherwise) },
        ])
    }

    func load(_ expression: ExpressionNode) {
        switch expression.kind {
        case .name(let name), .namespaceReference(let name, _): symbols.load(name)
        default: expression.forEachChild(load)
        }
    }

    func store(_ target: ExpressionNode) {
        switch target.kind {
        case .name(let name): symbols.store(name)
        case .namespaceReference(let name, _): symbols.load(name)
        default: target.forEachChild(store)
        }
    }

    func declare(_ target: ExpressionNode) {
        switch target.kind {
        case .name(let name): symbols.declareParameter(name)
        case .namespaceReference(let name, _): symbols.load(name)
        default: target.forEachChild(declare)
        }
    }
}

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
            loop.body.forEach { visit($0) }
            loop.otherwise.forEach { visit($0) }
            if let test = loop.test { load(test) }
        case .conditional(let conditional):
            for (place, branch) in conditional.branches.enumerated() {
                load(branch.test)
                branch.body.forEach { visit($0) }
                if place == conditional.branches.count - 1 { conditional.otherwise.forEach { visit($0) } }
            }
        case .macro(let macro): visit(macro)
        case .call(let call, let macro):
            load(call)
            visit(macro)
        case .filter(let filter, let body):
            body.forEach { visit($0) }
            load(filter)
        case .with(let assignments, let body):
            for assignment in assignments { store(assignment.target) }
            for assignment in assignments { load(assignment.value) }
            body.forEach { visit($0) }
        case .assign(let target, let value):
            store(target)
            load(value)
        case .assignBlock(let target, let filter, let body):
            store(target)
            if let filter { load(filter) }
            body.forEach { visit($0) }
        case .autoescape(let isOn, let body):
            load(isOn)
            body.forEach { visit($0) }
        }
    }

    private mutating func visit(_ macro: MacroNode) {
        for parameter in macro.parameters { wanted.remove(parameter.name) }
        macro.defaults.forEach { load($0) }
        macro.body.forEach { visit($0) }
    }

    private mutating func load(_ expression: ExpressionNode) {
        if case .name(let name) = expression.kind {
            if wanted.contains(name) { found.insert(name) }
        } else {
            var children: [ExpressionNode] = []
            expression.forEachChild { children.append($0) }
            children.forEach { load($0) }
        }
    }

    private mutating func store(_ target: ExpressionNode) {
        if case .name(let name) = target.kind {
            wanted.remove(name)
        } else {
            var children: [ExpressionNode] = []
            target.forEachChild { children.append($0) }
            children.forEach { store($0) }
        }
    }
}
