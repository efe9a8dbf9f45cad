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
