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
