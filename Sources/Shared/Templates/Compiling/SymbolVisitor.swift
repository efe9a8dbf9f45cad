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
