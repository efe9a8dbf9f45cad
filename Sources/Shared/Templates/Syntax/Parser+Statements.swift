extension Parser {
    /// One tag and its body; the current token is the tag's first.
    mutating func parseStatement() throws(TemplateError) -> StatementNode? {
        let position = current.position
        guard case .name(let tag) = current.kind else { throw failure("tag name expected") }
        openTags.append(tag)
        defer { openTags.removeLast() }
        switch tag {
        case "for": return StatementNode(.forLoop(try parseFor()), at: position)
        case "if": return StatementNode(.conditional(try parseIf()), at: position)
        case "set": return StatementNode(try parseSet(), at: position)
        case "with": return StatementNode(try parseWith(), at: position)
        case "macro": return StatementNode(.macro(try parseMacro()), at: position)
        case "call": return StatementNode(try parseCall(), at: position)
        case "filter": return StatementNode(try parseFilterBlock(), at: position)
        case "print": return StatementNode(.output(try parsePrint()), at: position)
        case "autoescape":
            advance()
            let isOn = try parseExpression()
            return StatementNode(.autoescape(isOn, try parseClosedBody("endautoescape")), at: position)
        case "block": return StatementNode(try parseBlock(), at: position)
        case "extends", "include", "import", "from":
            throw failure("'\(tag)' needs other templates, and there are none: it is not supported")
        default:
            openTags.removeLast()
            defer { openTags.append(tag) }
            throw unknownTag(tag, at: position)
        }
    }

    /// The body behind a tag's end; an end tag is the current token then.
    private mutating func parseTagBody(until ends: [String]) throws(TemplateError) -> [StatementNode] {
        _ = skip(symbol: ":")
        try expect(.blockEnd)
        return try parseBody(until: ends)
    }

    /// The body up to its one end tag, which is read too.
    private mutating func parseClosedBody(_ end: String) throws(TemplateError) -> [StatementNode] {
        let body = try parseTagBody(until: [end])
        advance()
        return body
    }

    private mutating func parseFor() throws(TemplateError) -> ForNode {
        advance()
        let target = try parseTarget()
        try expect(name: "in")
        let iterable = try parseTuple(withConditional: false)
        let test = skip(name: "if") ? try parseExpression() : nil
        let isRecursive = skip(name: "recursive")
        let body = try parseTagBody(until: ["endfor", "else"])
        var otherwise: [StatementNode] = []
        if advance().kind == .name("else") { otherwise = try parseClosedBody("endfor") }
        return ForNode(
            target: target, iterable: iterable, test: test, isRecursive: isRecursive, body: body, otherwise: otherwise)
    }

    private mutating func parseIf() throws(TemplateError) -> IfNode {
        var result = IfNode(branches: [], otherwise: [])
        var tag = advance()
        while true {
            let test = try parseTuple(withConditional: false)
            let body = try parseTagBody(until: ["elif", "else", "endif"])
            result.branches.append((test, body, tag.position))
            tag = advance()
            if tag.kind == .name("elif") { continue }
            if tag.kind == .name("else") { result.otherwise = try parseClosedBody("endif") }
            return result
        }
    }

    private mutating func parseSet() throws(TemplateError) -> StatementNode.Kind {
        advance()
        let target = try parseTarget(withNamespace: true)
        if skip(symbol: "=") { return .assign(target: target, value: try parseTuple()) }
        let filter = try parseFilters(nil)
        return .assignBlock(target: target, filter: filter, try parseClosedBody("endset"))
    }

    private mutating func parseWith() throws(TemplateError) -> StatementNode.Kind {
        advance()
        var assignments: [(ExpressionNode, ExpressionNode)] = []
        while current.kind != .blockEnd {
            if !assignments.isEmpty { try expect(symbol: ",") }
            let target = try parseTarget()
            try expect(symbol: "=")
            assignments.append((target, try parseExpression()))
        }
        return .with(assignments, try parseClosedBody("endwith"))
    }

    private mutating func parseMacro() throws(TemplateError) -> MacroNode {
        advance()
        let name = try parseNameTarget().name
        let (parameters, defaults) = try parseSignature()
        return MacroNode(
            name: name, parameters: parameters, defaults: defaults, body: try parseClosedBody("endmacro"))
    }

    /// A block stands where it is written: there is no other template that could fill it.
    private mutating func parseBlock() throws(TemplateError) -> StatementNode.Kind {
        advance()
        let (name, position) = try expectName()
        guard blockNames.insert(name).inserted else { throw failure("block '\(name)' defined twice", at: position) }
        while skip(name: "scoped") || skip(name: "required") {}
        let body = try parseClosedBody("endblock")
        _ = skip(name: name)
        return .with([], body)
    }

    private mutating func parseCall() throws(TemplateError) -> StatementNode.Kind {
        let position = advance().position
        var (parameters, defaults): ([(name: String, position: SourcePosition)], [ExpressionNode]) = ([], [])
        if isSymbol("(") { (parameters, defaults) = try parseSignature() }
        let call = try parseExpression()
        guard case .call = call.kind else { throw failure("expected call", at: position) }
        let body = try parseClosedBody("endcall")
        return .call(call, MacroNode(name: nil, parameters: parameters, defaults: defaults, body: body))
    }

    private mutating func parseSignature() throws(TemplateError) -> (
        [(name: String, position: SourcePosition)], [ExpressionNode]
    ) {
        var parameters: [(name: String, position: SourcePosition)] = []
        var defaults: [ExpressionNode] = []
        try expect(symbol: "(")
        while !isSymbol(")") {
            if !parameters.isEmpty { try expect(symbol: ",") }
            let parameter = try parseNameTarget()
            if skip(symbol: "=") {
                defaults.append(try parseExpression())
            } else if !defaults.isEmpty {
                throw failure("non-default argument follows default argument")
            }
            guard !parameters.contains(where: { $0.name == parameter.name }) else {
                throw failure("duplicate argument '\(parameter.name)' in function definition", at: parameter.position)
            }
            parameters.append(parameter)
        }
        try expect(symbol: ")")
        return (parameters, defaults)
    }

    private mutating func parseFilterBlock() throws(TemplateError) -> StatementNode.Kind {
        advance()
        guard let filter = try parseFilters(nil, startsInline: true) else { throw failure("expected a filter") }
        return .filter(filter, try parseClosedBody("endfilter"))
    }

    private mutating func parsePrint() throws(TemplateError) -> [OutputNode] {
        advance()
        var output: [OutputNode] = []
        while current.kind != .blockEnd {
            if !output.isEmpty { try expect(symbol: ",") }
            output.append(.expression(try parseExpression()))
        }
        return output
    }

    // MARK: Targets

    private mutating func parseNameTarget() throws(TemplateError) -> (name: String, position: SourcePosition) {
        let target = try expectName()
        if ["true", "false", "none", "True", "False", "None"].contains(target.name) {
            throw failure("can't assign to 'name'", at: target.position)
        }
        return target
    }

    private mutating func parseTarget(withNamespace: Bool = false) throws(TemplateError) -> ExpressionNode {
        let target = try parseTuple(simplified: true, withNamespace: withNamespace)
        try checkAssignable(target, root: target)
        return target
    }

    private func checkAssignable(_ node: ExpressionNode, root: ExpressionNode) throws(TemplateError) {
        switch node.kind {
        case .name, .namespaceReference: break
        case .tuple(let nodes): for node in nodes { try checkAssignable(node, root: root) }
        default: throw failure("can't assign to '\(root.kindName)'", at: root.position)
        }
    }
}
