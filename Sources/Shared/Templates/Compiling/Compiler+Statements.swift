extension Compiler {
    mutating func statements(_ nodes: [StatementNode]) throws(TemplateError) -> [Statement] {
        var compiled: [Statement] = []
        for node in nodes { compiled.append(try statement(node)) }
        return compiled
    }

    private mutating func statement(_ node: StatementNode) throws(TemplateError) -> Statement {
        switch node.kind {
        case .output(let parts): return .output(try output(parts))
        case .forLoop(let loop): return .loop(try self.loop(loop, node.position))
        case .conditional(let conditional): return try self.conditional(conditional)
        case .macro(let macro):
            let compiled = try self.macro(macro, node.position)
            return .macro(try variable(macro.name ?? "", node.position), compiled)
        case .call(let call, let body):
            let macro = try self.macro(body, node.position)
            return .call(try expression(call), macro)
        case .filter(let filter, let body):
            let inner = makeSymbols()
            SymbolVisitor(symbols: inner).visit(body)
            SymbolVisitor(symbols: inner).load(filter)
            return try within(inner) { compiler throws(TemplateError) in
                let body = try compiler.body(body)
                return .filter(try compiler.expression(filter), body)
            }
        case .with(let assignments, let body): return try with(assignments, body)
        case .assign(let target, let value): return .assign(try self.target(target), try expression(value))
        case .assignBlock(let target, let filter, let body):
            let inner = makeSymbols()
            SymbolVisitor(symbols: inner).visit(body)
            let target = try self.target(target)
            return try within(inner) { compiler throws(TemplateError) in
                let body = try compiler.body(body)
                let filter: CompiledExpression? = if let filter { try compiler.expression(filter) } else { nil }
                return .assignBlock(target, filter: filter, body)
            }
        case .autoescape(let isOn, let body):
            let inner = makeSymbols()
            SymbolVisitor(symbols: inner).load(isOn)
            SymbolVisitor(symbols: inner).visit(body)
            return try within(inner) { compiler throws(TemplateError) in
                let body = try compiler.body(body)
                return .autoescape(try compiler.expression(isOn), body)
            }
        }
    }

    /// The current scope with these statements.
    private mutating func body(_ nodes: [StatementNode]) throws(TemplateError) -> CompiledBody {
        let scope = enterScope()
        return CompiledBody(scope: scope, statements: try statements(nodes))
    }

    private mutating func output(_ nodes: [OutputNode]) throws(TemplateError) -> [OutputPart] {
        var parts: [OutputPart] = []
        for node in nodes {
            switch node {
            case .data(let text):
                if case .text(let before) = parts.last {
                    parts[parts.count - 1] = .text(before + Array(text.utf8))
                } else {
                    parts.append(.text(Array(text.utf8)))
                }
            case .expression(let node): parts.append(.expression(try expression(node)))
            }
        }
        return parts
    }

    private mutating func conditional(_ node: IfNode) throws(TemplateError) -> Statement {
        let wasSoft = isSoft
        isSoft = true
        defer { isSoft = wasSoft }
        var branches: [(test: CompiledExpression, body: [Statement])] = []
        for branch in node.branches { branches.append((try expression(branch.test), try statements(branch.body))) }
        return .conditional(branches, otherwise: try statements(node.otherwise))
    }

    private mutating func with(
        _ assignments: [(target: ExpressionNode, value: ExpressionNode)], _ body: [StatementNode]
    ) throws(TemplateError) -> Statement {
        let inner = makeSymbols()
        for assignment in assignments { SymbolVisitor(symbols: inner).declare(assignment.target) }
        SymbolVisitor(symbols: inner).visit(body)
        // The values belong to the scope around.
        var values: [CompiledExpression] = []
        for assignment in assignments { values.append(try expression(assignment.value)) }
        return try within(inner) { compiler throws(TemplateError) in
            let scope = compiler.enterScope()
            var compiled: [(target: Target, value: CompiledExpression)] = []
            for (assignment, value) in zip(assignments, values) {
                compiled.append((try compiler.target(assignment.target), value))
            }
            return .with(compiled, CompiledBody(scope: scope, statements: try compiler.statements(body)))
        }
    }

    // MARK: Targets

    private func variable(_ name: String, _ position: SourcePosition) throws(TemplateError) -> Variable {
        guard let variable = storeVariable(name) else { throw .syntax("can't assign to '\(name)'", at: position) }
        return variable
    }

    private mutating func target(_ node: ExpressionNode) throws(TemplateError) -> Target {
        switch node.kind {
        case .name(let name): return .variable(try variable(name, node.position))
        case .namespaceReference(_, let attribute):
            return .namespace(try expression(node), attribute, node.position)
        case .tuple(let nodes):
            var targets: [Target] = []
            for node in nodes { targets.append(try target(node)) }
            return .tuple(targets, node.position)
        default: throw .syntax("can't assign to '\(node.kindName)'", at: node.position)
        }
    }

    // MARK: Loops

    private mutating func loop(_ node: ForNode, _ position: SourcePosition) throws(TemplateError) -> CompiledLoop {
        try LoopNameCheck.run(node)
        // The iterable belongs to the scope around, whatever the loop is.
        let iterable = try expression(node.iterable)
        guard node.isRecursive else { return try loop(node, iterable, position) }
        let (loop, count) = try withinFunction { compiler throws(TemplateError) in
            try compiler.loop(node, iterable, position)
        }
        return CompiledLoop(
            target: loop.target, iterable: loop.iterable, filter: loop.filter, loopVariable: loop.loopVariable,
            body: loop.body, otherwise: loop.otherwise, recursiveVariableCount: count, position: position)
    }

    private mutating func loop(
        _ node: ForNode, _ iterable: CompiledExpression, _ position: SourcePosition
    ) throws(TemplateError) -> CompiledLoop {
        let inner = makeSymbols()
        let isExtended = node.isRecursive || SpecialNames(["loop"], in: node.body).found.contains("loop")
        if isExtended { inner.declareParameter("loop") }
        SymbolVisitor(symbols: inner).declare(node.target)
        SymbolVisitor(symbols: inner).visit(node.body)
        let filter = try filter(node)
        let (target, loopVariable, body) = try within(inner) { compiler throws(TemplateError) in
            let scope = compiler.enterScope()
            let target = try compiler.target(node.target)
            let loopVariable = isExtended ? compiler.storeVariable("loop") : nil
            return (target, loopVariable, CompiledBody(scope: scope, statements: try compiler.statements(node.body)))
        }
        var otherwise: CompiledBody?
        if !node.otherwise.isEmpty {
            let elseSymbols = makeSymbols()
            SymbolVisitor(symbols: elseSymbols).visit(node.otherwise)
            otherwise = try within(elseSymbols) { compiler throws(TemplateError) in
                try compiler.body(node.otherwise)
            }
        }
        return CompiledLoop(
            target: target, iterable: iterable, filter: filter, loopVariable: loopVariable, body: body,
            otherwise: otherwise, recursiveVariableCount: nil, position: position)
    }

    private mutating func filter(
        _ node: ForNode
    ) throws(TemplateError) -> (target: Target, scope: Scope, test: CompiledExpression)? {
        guard let test = node.test else { return nil }
        let inner = makeSymbols()
        SymbolVisitor(symbols: inner).declare(node.target)
        SymbolVisitor(symbols: inner).load(test)
        return try within(inner) { compiler throws(TemplateError) in
            let scope = compiler.enterScope()
            return (try compiler.target(node.target), scope, try compiler.expression(test))
        }
    }

    // MARK: Macros

    private mutating func macro(_ node: MacroNode, _ position: SourcePosition) throws(TemplateError) -> CompiledMacro {
        let inner = makeSymbols()
        let names = node.parameters.map(\.name)
        for name in names { inner.declareParameter(name) }
        for fallback in node.defaults { SymbolVisitor(symbols: inner).load(fallback) }
        SymbolVisitor(symbols: inner).visit(node.body)
        let special = SpecialNames(["caller", "kwargs", "varargs"], in: node.body).found
        if special.contains("caller"), let place = names.firstIndex(of: "caller") {
            guard place >= names.count - node.defaults.count else {
                throw .syntax(
                    "When defining macros or call blocks the special \"caller\" argument must be omitted or be given "
                        + "a default.", at: position)
            }
        }
        for name in special where !names.contains(name) { inner.declareParameter(name) }
        let (macro, count) = try withinFunction { compiler throws(TemplateError) in
            try compiler.within(inner) { compiler throws(TemplateError) in
                try compiler.macroBody(node, special.subtracting(names).union(special.intersection(["caller"])))
            }
        }
        return CompiledMacro(
            name: macro.name, parameters: macro.parameters, caller: macro.caller,
            keywordArguments: macro.keywordArguments, positionalArguments: macro.positionalArguments, body: macro.body,
            variableCount: count)
    }

    private mutating func macroBody(_ node: MacroNode, _ special: Set<String>) throws(TemplateError) -> CompiledMacro {
        let scope = enterScope()
        var parameters: [CompiledMacro.Parameter] = []
        let firstFallback = node.parameters.count - node.defaults.count
        for (place, parameter) in node.parameters.enumerated() {
            let fallback = place >= firstFallback ? try expression(node.defaults[place - firstFallback]) : nil
            parameters.append(
                CompiledMacro.Parameter(
                    name: parameter.name, variable: try variable(parameter.name, parameter.position),
                    fallback: fallback))
        }
        return CompiledMacro(
            name: node.name, parameters: parameters,
            caller: special.contains("caller") ? storeVariable("caller") : nil,
            keywordArguments: special.contains("kwargs") ? storeVariable("kwargs") : nil,
            positionalArguments: special.contains("varargs") ? storeVariable("varargs") : nil,
            body: CompiledBody(scope: scope, statements: try statements(node.body)), variableCount: 0)
    }
}
