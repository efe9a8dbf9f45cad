extension Parser {
    mutating func parseExpression(withConditional: Bool = true) throws(TemplateError) -> ExpressionNode {
        try nested { parser throws(TemplateError) in
            withConditional ? try parser.parseConditional() : try parser.parseOr()
        }
    }

    private mutating func parseConditional() throws(TemplateError) -> ExpressionNode {
        var position = current.position
        var expression = try parseOr()
        while skip(name: "if") {
            let test = try parseOr()
            let otherwise = skip(name: "else") ? try parseExpression() : nil
            expression = try node(.conditional(test: test, then: expression, otherwise: otherwise), position)
            position = current.position
        }
        return expression
    }

    private mutating func parseOr() throws(TemplateError) -> ExpressionNode {
        let position = current.position
        var left = try parseAnd()
        while skip(name: "or") { left = try node(.or(left, try parseAnd()), position) }
        return left
    }

    private mutating func parseAnd() throws(TemplateError) -> ExpressionNode {
        let position = current.position
        var left = try parseNot()
        while skip(name: "and") { left = try node(.and(left, try parseNot()), position) }
        return left
    }

    private mutating func parseNot() throws(TemplateError) -> ExpressionNode {
        guard isName("not") else { return try parseComparison() }
        let position = advance().position
        let operand = try nested { parser throws(TemplateError) in try parser.parseNot() }
        return try node(.not(operand), position)
    }

    private mutating func parseComparison() throws(TemplateError) -> ExpressionNode {
        let position = current.position
        let first = try parseSum()
        var operands: [(operation: ComparisonOperator, value: ExpressionNode)] = []
        while let operation = comparisonOperator() {
            advance()
            if operation == .isNotIn { advance() }
            operands.append((operation, try parseSum()))
        }
        return operands.isEmpty ? first : try node(.comparison(first, operands), position)
    }

    private func comparisonOperator() -> ComparisonOperator? {
        switch current.kind {
        case .symbol(let symbol): ComparisonOperator(rawValue: symbol)
        case .name("in"): .isIn
        case .name("not") where next.kind == .name("in"): .isNotIn
        default: nil
        }
    }

    private mutating func parseSum() throws(TemplateError) -> ExpressionNode {
        let position = current.position
        var left = try parseConcatenation()
        while let operation = binaryOperator(["+", "-"]) {
            advance()
            left = try node(.binary(operation, left, try parseConcatenation()), position)
        }
        return left
    }

    private mutating func parseConcatenation() throws(TemplateError) -> ExpressionNode {
        let position = current.position
        var parts = [try parseProduct()]
        while skip(symbol: "~") { parts.append(try parseProduct()) }
        return parts.count == 1 ? parts[0] : try node(.concatenation(parts), position)
    }

    private mutating func parseProduct() throws(TemplateError) -> ExpressionNode {
        let position = current.position
        var left = try parsePower()
        while let operation = binaryOperator(["*", "/", "//", "%"]) {
            advance()
            left = try node(.binary(operation, left, try parsePower()), position)
        }
        return left
    }

    private mutating func parsePower() throws(TemplateError) -> ExpressionNode {
        let position = current.position
        var left = try parseUnary()
        while skip(symbol: "**") { left = try node(.binary(.power, left, try parseUnary()), position) }
        return left
    }

    private func binaryOperator(_ symbols: [String]) -> BinaryOperator? {
        guard case .symbol(let symbol) = current.kind, symbols.contains(symbol) else { return nil }
        return BinaryOperator(rawValue: symbol)
    }

    private mutating func parseUnary(withFilter: Bool = true) throws(TemplateError) -> ExpressionNode {
        let position = current.position
        var expression: ExpressionNode
        if skip(symbol: "-") {
            expression = try node(.negative(try parseSigned()), position)
        } else if skip(symbol: "+") {
            expression = try node(.positive(try parseSigned()), position)
        } else {
            expression = try parsePrimary()
        }
        expression = try parsePostfix(expression)
        return withFilter ? try parseFilterExpression(expression) : expression
    }

    private mutating func parseSigned() throws(TemplateError) -> ExpressionNode {
        try nested { parser throws(TemplateError) in try parser.parseUnary(withFilter: false) }
    }

    mutating func parsePrimary(withNamespace: Bool = false) throws(TemplateError) -> ExpressionNode {
        let token = current
        let position = token.position
        switch token.kind {
        case .name(let name):
            advance()
            return try parseNamed(name, position, withNamespace)
        case .string(var text):
            advance()
            while case .string(let more) = current.kind {
                text += more
                advance()
            }
            return try node(.constant(.string(text)), position)
        case .integer(let value):
            advance()
            switch value {
            case .integer(let small): return try node(.constant(.integer(small)), position)
            case .bigInteger(let big): return try node(.constant(.bigInteger(big)), position)
            default: throw failure("not an integer", at: position)
            }
        case .float(let value):
            advance()
            return try node(.constant(.float(value)), position)
        case .symbol("("):
            advance()
            let tuple = try parseTuple(isInParentheses: true)
            try expect(symbol: ")")
            return tuple
        case .symbol("["): return try parseList()
        case .symbol("{"): return try parseDictionary()
        default: throw failure("unexpected '\(token.description)'", at: position)
        }
    }

    private mutating func parseNamed(
        _ name: String, _ position: SourcePosition, _ withNamespace: Bool
    ) throws(TemplateError) -> ExpressionNode {
        switch name {
        case "true", "True": return try node(.constant(.bool(true)), position)
        case "false", "False": return try node(.constant(.bool(false)), position)
        case "none", "None": return try node(.constant(.none), position)
        default:
            if withNamespace, skip(symbol: ".") {
                return try node(.namespaceReference(name, try expectName().name), position)
            }
            return try node(.name(name), position)
        }
    }

    /// One expression, or several with commas between them as a tuple.
    ///
    /// - Parameters:
    ///   - simplified: only names and literals, for targets.
    ///   - isInParentheses: a tuple may be empty.
    mutating func parseTuple(
        simplified: Bool = false, withConditional: Bool = true, isInParentheses: Bool = false,
        withNamespace: Bool = false
    ) throws(TemplateError) -> ExpressionNode {
        let position = current.position
        var elements: [ExpressionNode] = []
        var isTuple = false
        while true {
            if !elements.isEmpty { try expect(symbol: ",") }
            if isTupleEnd { break }
            elements.append(
                simplified
                    ? try parsePrimary(withNamespace: withNamespace)
                    : try parseExpression(withConditional: withConditional))
            guard isSymbol(",") else { break }
            isTuple = true
        }
        if !isTuple {
            if let only = elements.first { return only }
            guard isInParentheses else { throw failure("Expected an expression, got '\(current.description)'") }
        }
        return try node(.tuple(elements), position)
    }

    private var isTupleEnd: Bool {
        switch current.kind {
        case .variableEnd, .blockEnd, .symbol(")"): true
        default: false
        }
    }

    private mutating func parseList() throws(TemplateError) -> ExpressionNode {
        let position = advance().position
        var elements: [ExpressionNode] = []
        while !isSymbol("]") {
            if !elements.isEmpty { try expect(symbol: ",") }
            if isSymbol("]") { break }
            elements.append(try parseExpression())
        }
        try expect(symbol: "]")
        return try node(.list(elements), position)
    }

    private mutating func parseDictionary() throws(TemplateError) -> ExpressionNode {
        let position = advance().position
        var pairs: [(key: ExpressionNode, value: ExpressionNode)] = []
        while !isSymbol("}") {
            if !pairs.isEmpty { try expect(symbol: ",") }
            if isSymbol("}") { break }
            let key = try parseExpression()
            try expect(symbol: ":")
            pairs.append((key, try parseExpression()))
        }
        try expect(symbol: "}")
        return try node(.dictionary(pairs), position)
    }
}
