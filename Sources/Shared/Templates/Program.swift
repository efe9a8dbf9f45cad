/// A template ready to be rendered: every name is a place, every filter and test a function.
final class Program: Sendable {
    /// A name whose value comes from the caller, or else from the globals.
    struct Root: Sendable {
        let name: String
        let position: SourcePosition
        let isGlobal: Bool
    }

    let body: [Statement]
    let scope: Scope
    /// Places for the variables of the template's outermost scope.
    let variableCount: Int
    let roots: [Root]
    let filters: FilterTable
    /// The variable that stands for the template itself, when it is mentioned.
    let selfVariable: Variable?

    init(
        body: [Statement], scope: Scope, variableCount: Int, roots: [Root], filters: FilterTable,
        selfVariable: Variable?
    ) {
        self.body = body
        self.scope = scope
        self.variableCount = variableCount
        self.roots = roots
        self.filters = filters
        self.selfVariable = selfVariable
    }
}

/// What happens on entry to a scope: its variables get their first values.
struct Scope: Sendable {
    enum Load: Sendable {
        case root(Int)
        case variable(Variable)
        case nothing
    }

    var loads: [(place: Int, load: Load)] = []
}

/// Where a variable lives: its place in the frame of a function, so many functions out.
struct Variable: Sendable {
    let hops: Int
    let place: Int
}

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

/// The arguments of a call, ready to be evaluated.
struct CallArguments: Sendable {
    var positional: [CompiledExpression] = []
    var keywords: [(name: String, value: CompiledExpression)] = []
    var spreadPositional: CompiledExpression?
    var spreadKeywords: CompiledExpression?

    var isEmpty: Bool {
        positional.isEmpty && keywords.isEmpty && spreadPositional == nil && spreadKeywords == nil
    }
}
