extension Parser {
    /// Attributes, elements and calls behind an expression.
    mutating func parsePostfix(_ expression: ExpressionNode) throws(TemplateError) -> ExpressionNode {
        var expression = expression
        while true {
            switch current.kind {
            case .symbol("."), .symbol("["): expression = try parseSubscript(expression)
            case .symbol("("): expression = try parseCallOf(expression)
            default: return expression
            }
        }
    }

    /// Filters, tests and calls behind an expression.
    mutating func parseFilterExpression(_ expression: ExpressionNode) throws(TemplateError) -> ExpressionNode {
        var expression = expression
        while true {
            switch current.kind {
            case .symbol("|"): expression = try parseFilters(expression) ?? expression
            case .name("is"): expression = try parseTest(expression)
            case .symbol("("): expression = try parseCallOf(expression)
            default: return expression
            }
        }
    }

    private mutating func parseCallOf(_ expression: ExpressionNode) throws(TemplateError) -> ExpressionNode {
        let position = current.position
        return try node(.call(expression, try parseArguments()), position)
    }

    private mutating func parseSubscript(_ expression: ExpressionNode) throws(TemplateError) -> ExpressionNode {
        let token = advance()
        if token.kind == .symbol(".") {
            let key = advance()
            switch key.kind {
            case .name(let name): return try node(.attribute(expression, name), token.position)
            case .integer(let value):
                guard case .integer(let index) = value else {
                    throw failure("the index is too large", at: key.position)
                }
                let constant = try node(.constant(.integer(index)), key.position)
                return try node(.item(expression, constant), token.position)
            default: throw failure("expected name or number", at: key.position)
            }
        }
        var keys: [ExpressionNode] = []
        while !isSymbol("]") {
            if !keys.isEmpty { try expect(symbol: ",") }
            keys.append(try parseSubscribed())
        }
        try expect(symbol: "]")
        let key = keys.count == 1 ? keys[0] : try node(.tuple(keys), token.position)
        return try node(.item(expression, key), token.position)
    }

    /// What stands between brackets: an expression or a slice.
    private mutating func parseSubscribed() throws(TemplateError) -> ExpressionNode {
        let position = current.position
        var start: ExpressionNode?
        if !isSymbol(":") {
            let expression = try parseExpression()
            guard isSymbol(":") else { return expression }
            start = expression
        }
        advance()
        let stop = try parseSliceEnd()
        let step = skip(symbol: ":") ? try parseSliceEnd() : nil
        return try node(.slice(start, stop, step), position)
    }

    private mutating func parseSliceEnd() throws(TemplateError) -> ExpressionNode? {
        isSymbol("]") || isSymbol(",") || isSymbol(":") ? nil : try parseExpression()
    }

    mutating func parseArguments() throws(TemplateError) -> CallNode {
        let position = try expect(symbol: "(").position
        var call = CallNode()
        var needsComma = false
        func ensure(_ condition: Bool) throws(TemplateError) {
            guard condition else { throw failure("invalid syntax for function call expression", at: position) }
        }
        while !isSymbol(")") {
            if needsComma {
                try expect(symbol: ",")
                if isSymbol(")") { break }
            }
            if skip(symbol: "*") {
                try ensure(call.spreadPositional == nil && call.spreadKeywords == nil)
                call.spreadPositional = try parseExpression()
            } else if skip(symbol: "**") {
                try ensure(call.spreadKeywords == nil)
                call.spreadKeywords = try parseExpression()
            } else if case .name(let name) = current.kind, next.kind == .symbol("=") {
                try ensure(call.spreadKeywords == nil)
                advance()
                advance()
                guard !call.keywords.contains(where: { $0.name == name }) else {
                    throw failure("keyword argument repeated: \(name)", at: position)
                }
                call.keywords.append((name, try parseExpression()))
            } else {
                try ensure(call.spreadPositional == nil && call.spreadKeywords == nil && call.keywords.isEmpty)
                call.positional.append(try parseExpression())
            }
            needsComma = true
        }
        try expect(symbol: ")")
        return call
    }

    /// A chain of filters.
    ///
    /// - Parameter startsInline: the first one stands without its bar, as in a filter block.
    mutating func parseFilters(
        _ expression: ExpressionNode?, startsInline: Bool = false
    ) throws(TemplateError) -> ExpressionNode? {
        var (expression, startsInline) = (expression, startsInline)
        while startsInline || isSymbol("|") {
            if !startsInline { advance() }
            let (name, position) = try parseDottedName()
            let call = isSymbol("(") ? try parseArguments() : CallNode()
            expression = try node(.filter(expression, name, call), position)
            startsInline = false
        }
        return expression
    }

    private mutating func parseDottedName() throws(TemplateError) -> (String, SourcePosition) {
        var (name, position) = try expectName()
        while skip(symbol: ".") { name += "." + (try expectName().name) }
        return (name, position)
    }

    private mutating func parseTest(_ expression: ExpressionNode) throws(TemplateError) -> ExpressionNode {
        let position = advance().position
        let isNegated = skip(name: "not")
        let (name, _) = try parseDottedName()
        var call = CallNode()
        if isSymbol("(") {
            call = try parseArguments()
        } else if isTestArgument {
            if isName("is") { throw failure("You cannot chain multiple tests with is") }
            call.positional = [try parsePostfix(try parsePrimary())]
        }
        let test = try node(.test(expression, name, call), position)
        return isNegated ? try node(.not(test), position) : test
    }

    private var isTestArgument: Bool {
        switch current.kind {
        case .name(let name): name != "else" && name != "or" && name != "and"
        case .string, .integer, .float, .symbol("["), .symbol("{"): true
        default: false
        }
    }
}
