/// An expression ready to be evaluated.
struct CompiledExpression: Sendable {
    indirect enum Kind: Sendable {
        case constant(Constant)
        /// A value of the caller's.
        case root(Int)
        case variable(Variable, name: String)
        /// The text that a filter block or set block captured.
        case captured
        case tuple([CompiledExpression])
        case list([CompiledExpression])
        case dictionary([(key: CompiledExpression, value: CompiledExpression)])
        case conditional(test: CompiledExpression, then: CompiledExpression, otherwise: CompiledExpression?)
        case filter(CompiledExpression, Filter, CallArguments)
        case test(CompiledExpression, Test, CallArguments)
        /// A filter or test that does not exist, in a branch that may never be reached.
        case unknown(String)
        case call(CompiledExpression, CallArguments)
        case attribute(CompiledExpression, String)
        case item(CompiledExpression, CompiledExpression)
        case slice(CompiledExpression, start: CompiledExpression?, stop: CompiledExpression?, step: CompiledExpression?)
        case concatenation([CompiledExpression])
        case comparison(CompiledExpression, [(operation: ComparisonOperator, value: CompiledExpression)])
        case binary(BinaryOperator, CompiledExpression, CompiledExpression)
        case and(CompiledExpression, CompiledExpression)
        case or(CompiledExpression, CompiledExpression)
        case not(CompiledExpression)
        case negative(CompiledExpression)
        case positive(CompiledExpression)
    }

    let kind: Kind
    let position: SourcePosition
}
