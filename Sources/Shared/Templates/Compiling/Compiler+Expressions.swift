extension Compiler {
    mutating func expression(_ node: ExpressionNode) throws(TemplateError) -> CompiledExpression {
        CompiledExpression(kind: try kind(node), position: node.position)
    }

    private mutating func expressions(_ nodes: [ExpressionNode]) throws(TemplateError) -> [CompiledExpression] {
        var compiled: [CompiledExpression] = []
        for node in nodes { compiled.append(try expression(node)) }
        return compiled
    }

    private mutating func optional(_ node: ExpressionNode?) throws(TemplateError) -> CompiledExpression? {
        guard let node else { return nil }
        return try expression(node)
    }

    private mutating func kind(_ node: ExpressionNode) throws(TemplateError) -> CompiledExpression.Kind {
        switch node.kind {
        case .constant(let constant): return .constant(constant)
        case .name(let name), .namespaceReference(let name, _): return loadKind(name)
        case .tuple(let nodes): return .tuple(try expressions(nodes))
        case .list(let nodes): return .list(try expressions(nodes))
        case .dictionary(let pairs):
            var compiled: [(key: CompiledExpression, value: CompiledExpression)] = []
            for pair in pairs { compiled.append((try expression(pair.key), try expression(pair.value))) }
            return .dictionary(compiled)
        case .conditional(let test, let then, let otherwise): return try conditional(test, then, otherwise)
        case .filter(let input, let name, let call): return try filter(input, name, call, node.position)
        case .test(let input, let name, let call): return try test(input, name, call, node.position)
        case .call(let callee, let call): return .call(try expression(callee), try arguments(call))
        case .attribute(let object, let name): return .attribute(try expression(object), name)
        case .item(let object, let key): return try item(object, key)
        case .slice: throw .syntax("a slice can only stand alone in brackets", at: node.position)
        default: return try operation(node)
        }
    }

    private mutating func operation(_ node: ExpressionNode) throws(TemplateError) -> CompiledExpression.Kind {
        switch node.kind {
        case .concatenation(let nodes): return .concatenation(try expressions(nodes))
        case .comparison(let first, let operands):
            let first = try expression(first)
            var compiled: [(operation: ComparisonOperator, value: CompiledExpression)] = []
            for operand in operands { compiled.append((operand.operation, try expression(operand.value))) }
            return .comparison(first, compiled)
        case .binary(let operation, let left, let right):
            return .binary(operation, try expression(left), try expression(right))
        case .and(let left, let right): return .and(try expression(left), try expression(right))
        case .or(let left, let right): return .or(try expression(left), try expression(right))
        case .not(let operand): return .not(try expression(operand))
        case .negative(let operand): return .negative(try expression(operand))
        case .positive(let operand): return .positive(try expression(operand))
        default: throw .syntax("unexpected \(node.kindName)", at: node.position)
        }
    }

    private mutating func conditional(
        _ test: ExpressionNode, _ then: ExpressionNode, _ otherwise: ExpressionNode?
    ) throws(TemplateError) -> CompiledExpression.Kind {
        let wasSoft = isSoft
        isSoft = true
        defer { isSoft = wasSoft }
        return .conditional(
            test: try expression(test), then: try expression(then), otherwise: try optional(otherwise))
    }

    private mutating func item(
        _ object: ExpressionNode, _ key: ExpressionNode
    ) throws(TemplateError) -> CompiledExpression.Kind {
        let object = try expression(object)
        guard case .slice(let start, let stop, let step) = key.kind else { return .item(object, try expression(key)) }
        return .slice(
            object, start: try optional(start), stop: try optional(stop), step: try optional(step))
    }

    private mutating func filter(
        _ input: ExpressionNode?, _ name: String, _ call: CallNode, _ position: SourcePosition
    ) throws(TemplateError) -> CompiledExpression.Kind {
        let input = try optional(input) ?? CompiledExpression(kind: .captured, position: position)
        let arguments = try arguments(call)
        guard let filter = FilterTable.all[name] else {
            try unknown("filter", name, at: position)
            return .unknown("No filter named '\(name)' found.")
        }
        return .filter(input, filter, arguments)
    }

    private mutating func test(
        _ input: ExpressionNode, _ name: String, _ call: CallNode, _ position: SourcePosition
    ) throws(TemplateError) -> CompiledExpression.Kind {
        let input = try expression(input)
        let arguments = try arguments(call)
        guard let test = TestTable.standard[name] else {
            try unknown("test", name, at: position)
            return .unknown("No test named '\(name)' found.")
        }
        return .test(input, test, arguments)
    }

    mutating func arguments(_ call: CallNode) throws(TemplateError) -> CallArguments {
        var compiled = CallArguments()
        compiled.positional = try expressions(call.positional)
        for (name, value) in call.keywords { compiled.keywords.append((name, try expression(value))) }
        compiled.spreadPositional = try optional(call.spreadPositional)
        compiled.spreadKeywords = try optional(call.spreadKeywords)
        return compiled
    }
}
