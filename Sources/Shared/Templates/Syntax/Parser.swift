/// Reads tokens into a tree, by the rules of Jinja 3.1's parser.
struct Parser {
    private let tokens: [Token]
    private var at = 0
    private var nesting = 0
    /// The names of the blocks so far.
    var blockNames: Set<String> = []
    /// Tags that are open, innermost last.
    var openTags: [String] = []
    /// For each open body the tags that may end it.
    var endTags: [[String]] = []

    /// Levels of parentheses, tags and the like inside one another.
    private static let nestingLimit = 100
    /// Levels of the tree: a chain of as many operators is one.
    private static let heightLimit = 200

    private init(_ tokens: [Token]) {
        self.tokens = tokens
    }

    static func template(_ source: String) throws(TemplateError) -> [StatementNode] {
        var parser = Parser(try Lexer.template(source))
        return try parser.parseBody(until: nil)
    }

    static func expression(_ source: String) throws(TemplateError) -> ExpressionNode {
        var parser = Parser(try Lexer.expression(source))
        let node = try parser.parseExpression()
        guard parser.current.kind == .end else { throw parser.failure("chunk after expression") }
        return node
    }

    var current: Token { tokens[at] }

    var next: Token { tokens[min(at + 1, tokens.count - 1)] }

    @discardableResult
    mutating func advance() -> Token {
        let token = tokens[at]
        if at < tokens.count - 1 { at += 1 }
        return token
    }

    func isName(_ name: String) -> Bool { current.kind == .name(name) }

    func isSymbol(_ symbol: String) -> Bool { current.kind == .symbol(symbol) }

    mutating func skip(name: String) -> Bool {
        guard isName(name) else { return false }
        advance()
        return true
    }

    mutating func skip(symbol: String) -> Bool {
        guard isSymbol(symbol) else { return false }
        advance()
        return true
    }

    func failure(_ reason: String, at position: SourcePosition? = nil) -> TemplateError {
        .syntax(reason, at: position ?? current.position)
    }

    private func unexpected(_ wanted: String) -> TemplateError {
        if current.kind == .end { return failure("unexpected end of template, expected '\(wanted)'.") }
        return failure("expected token '\(wanted)', got '\(current.description)'")
    }

    @discardableResult
    mutating func expect(_ kind: Token.Kind) throws(TemplateError) -> Token {
        guard current.kind == kind else { throw unexpected(Token(kind: kind, position: current.position).description) }
        return advance()
    }

    @discardableResult
    mutating func expect(symbol: String) throws(TemplateError) -> Token { try expect(.symbol(symbol)) }

    @discardableResult
    mutating func expect(name: String) throws(TemplateError) -> Token { try expect(.name(name)) }

    mutating func expectName() throws(TemplateError) -> (name: String, position: SourcePosition) {
        guard case .name(let name) = current.kind else { throw unexpected("name") }
        return (name, advance().position)
    }

    /// Parses something that may contain itself.
    mutating func nested<T>(_ parse: (inout Parser) throws(TemplateError) -> T) throws(TemplateError) -> T {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Self.nestingLimit else { throw failure("the template is nested too deeply") }
        return try parse(&self)
    }

    func node(_ kind: ExpressionNode.Kind, _ position: SourcePosition) throws(TemplateError) -> ExpressionNode {
        let node = ExpressionNode(kind, at: position)
        guard node.height <= Self.heightLimit else {
            throw failure("the expression is nested too deeply", at: position)
        }
        return node
    }

    // MARK: Bodies

    /// Statements up to one of `ends` (whose name is then the current token), or up to the end of the template.
    mutating func parseBody(until ends: [String]?) throws(TemplateError) -> [StatementNode] {
        try nested { parser throws(TemplateError) in try parser.parseStatements(until: ends) }
    }

    private mutating func parseStatements(until ends: [String]?) throws(TemplateError) -> [StatementNode] {
        var body: [StatementNode] = []
        var output: [OutputNode] = []
        var outputPosition = current.position
        if let ends { endTags.append(ends) }
        defer { if ends != nil { endTags.removeLast() } }
        func flush() {
            if !output.isEmpty { body.append(StatementNode(.output(output), at: outputPosition)) }
            output = []
        }
        while true {
            if output.isEmpty { outputPosition = current.position }
            switch current.kind {
            case .data(let text):
                output.append(.data(text))
                advance()
            case .variableBegin:
                advance()
                output.append(.expression(try parseTuple()))
                try expect(.variableEnd)
            case .blockBegin:
                flush()
                advance()
                if let ends, case .name(let name) = current.kind, ends.contains(name) { return body }
                if let statement = try parseStatement() { body.append(statement) }
                try expect(.blockEnd)
            default:
                flush()
                if ends != nil { throw unexpectedEnd() }
                return body
            }
        }
    }

    private func unexpectedEnd() -> TemplateError { failure(message(unknownTag: nil)) }

    func unknownTag(_ name: String, at position: SourcePosition) -> TemplateError {
        failure(message(unknownTag: name), at: position)
    }

    private func message(unknownTag name: String?) -> String {
        var parts = [name.map { "Encountered unknown tag '\($0)'." } ?? "Unexpected end of template."]
        if let wanted = endTags.last {
            let list = wanted.map { "'\($0)'" }.joined(separator: " or ")
            if let name, endTags.contains(where: { $0.contains(name) }) {
                parts.append(
                    "You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for \(list)."
                )
            } else {
                parts.append("Jinja was looking for the following tags: \(list).")
            }
        }
        if let open = openTags.last { parts.append("The innermost block that needs to be closed is '\(open)'.") }
        return parts.joined(separator: " ")
    }
}
