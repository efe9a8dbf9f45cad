/// A piece of output: text as it is in the template, or an expression's value.
enum OutputPart: Sendable {
    case text([UInt8])
    case expression(CompiledExpression)
}
