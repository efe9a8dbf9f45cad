/// A statement ready to be executed.
indirect enum Statement: Sendable {
    case output([OutputPart])
    case conditional([(test: CompiledExpression, body: [Statement])], otherwise: [Statement])
    case loop(CompiledLoop)
    case assign(Target, CompiledExpression)
    case assignBlock(Target, filter: CompiledExpression?, CompiledBody)
    case macro(Variable, CompiledMacro)
    case call(CompiledExpression, CompiledMacro)
    case filter(CompiledExpression, CompiledBody)
    case with([(target: Target, value: CompiledExpression)], CompiledBody)
    case autoescape(CompiledExpression, CompiledBody)
}

/// A piece of output: text as it is in the template, or an expression's value.
enum OutputPart: Sendable {
    case text([UInt8])
    case expression(CompiledExpression)
}

/// Statements with a scope of their own.
struct CompiledBody: Sendable {
    let scope: Scope
    let statements: [Statement]
}

/// What an assignment sets.
indirect enum Target: Sendable {
    case variable(Variable)
    case namespace(CompiledExpression, String, SourcePosition)
    case tuple([Target], SourcePosition)
}

/// A `for` loop.
final class CompiledLoop: Sendable {
    let target: Target
    let iterable: CompiledExpression
    /// The `if` of the loop, with a target of its own.
    let filter: (target: Target, scope: Scope, test: CompiledExpression)?
    /// The place of the `loop` variable, when the body mentions it.
    let loopVariable: Variable?
    let body: CompiledBody
    let otherwise: CompiledBody?
    /// For a recursive loop: the number of variables of the function that the loop is.
    let recursiveVariableCount: Int?
    let position: SourcePosition

    init(
        target: Target, iterable: CompiledExpression,
        filter: (target: Target, scope: Scope, test: CompiledExpression)?, loopVariable: Variable?, body: CompiledBody,
        otherwise: CompiledBody?, recursiveVariableCount: Int?, position: SourcePosition
    ) {
        self.target = target
        self.iterable = iterable
        self.filter = filter
        self.loopVariable = loopVariable
        self.body = body
        self.otherwise = otherwise
        self.recursiveVariableCount = recursiveVariableCount
        self.position = position
    }
}

/// A macro, or the body of a call block.
final class CompiledMacro: Sendable {
    struct Parameter: Sendable {
        let name: String
        let variable: Variable
        let fallback: CompiledExpression?
    }

    let name: String?
    let parameters: [Parameter]
    /// The places of the special variables that the body mentions.
    let caller: Variable?
    let keywordArguments: Variable?
    let positionalArguments: Variable?
    let body: CompiledBody
    let variableCount: Int

    init(
        name: String?, parameters: [Parameter], caller: Variable?, keywordArguments: Variable?,
        positionalArguments: Variable?, body: CompiledBody, variableCount: Int
    ) {
        self.name = name
        self.parameters = parameters
        self.caller = caller
        self.keywordArguments = keywordArguments
        self.positionalArguments = positionalArguments
        self.body = body
        self.variableCount = variableCount
    }
}
