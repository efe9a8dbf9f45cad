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
