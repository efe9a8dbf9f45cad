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
