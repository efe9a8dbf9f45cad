/// What an assignment sets.
indirect enum Target: Sendable {
    case variable(Variable)
    case namespace(CompiledExpression, String, SourcePosition)
    case tuple([Target], SourcePosition)
}
